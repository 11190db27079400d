import { Fragment, use } from 'react';
import { Badge } from '@/ui/Badge';
import type { DisplayProps } from '../field-ui';
import styles from '../fields.module.css';
import { Nothing } from '../Nothing';
import { Owner } from '../owner-record';
import { recordMark } from '../record-mark';
import { RecordLink } from '../RecordLink';
import { UserAvatar } from '../UserAvatar';
import { useVocabulary } from '../reference/vocabulary';
import { asReferences } from '../values';

/** Groups and tags are badges in their colours that lead to all who have them; other records are links. */
export function ReferenceSetDisplay({ field, value, isCompact = false }: DisplayProps) {
  const owner = use(Owner);
  const records = asReferences(value);
  const vocabulary = useVocabulary(field.settings.target ?? '', records.length > 0);
  if (records.length === 0) return <Nothing />;
  const text = records.map((record) => record.title).join(', ');
  if (vocabulary !== null) {
    return (
      <span className={isCompact ? styles.badgesCompact : styles.badges} title={isCompact ? text : undefined}>
        {records.map((record) => {
          const badge = <Badge color={vocabulary.items.find((item) => item.id === record.id)?.color}>{record.title}</Badge>;
          if (isCompact || owner === null) return <Fragment key={record.id}>{badge}</Fragment>;
          return (
            <RecordLink
              key={record.id}
              type={record.type}
              id={record.id}
              className={styles.badgeLink}
              among={{ type: owner.type, filter: `${field.name} has (${record.id})` }}
            >
              {badge}
            </RecordLink>
          );
        })}
      </span>
    );
  }
  if (isCompact) {
    return (
      <span className={styles.cut} title={text}>
        {records.map((record, index) => (
          <Fragment key={record.id}>
            {index > 0 && ', '}
            {record.type === 'user' && <UserAvatar id={record.id} title={record.title} size="tiny" />}{record.type === 'user' ? '\u00a0' : ' '}{record.title}
          </Fragment>
        ))}
      </span>
    );
  }
  return (
    <span className={styles.prose}>
      {records.map((record, index) => (
        <Fragment key={record.id}>
          {index > 0 && ', '}
          {record.type === 'user' ? (
            <span {...recordMark(record.type, record.id)}>
              <UserAvatar id={record.id} title={record.title} size="tiny" />{'\u00a0'}{record.title}
            </span>
          ) : (
            <RecordLink type={record.type} id={record.id} className={styles.link}>
              {record.title}
            </RecordLink>
          )}
        </Fragment>
      ))}
    </span>
  );
}
