import { useTranslation } from 'react-i18next';
import type { ObjectType, RecordItem } from '@/api/types';
import { Owner } from '@/fields/owner-record';
import { RecordLink } from '@/fields/RecordLink';
import { fieldKind } from '@/fields/registry';
import { useFormat } from '@/ui/use-format';
import { classNames } from '@/util/class-names';
import { RecordAvatar } from '../RecordAvatar';
import { hoverFields } from './hover-fields';
import styles from './hover.module.css';

export interface HoverContentProps {
  type: ObjectType;
  record: RecordItem;
  /** Which fields; none means the usual ones. */
  chosen: readonly string[];
}

/** Who it is at a glance: the name and the chosen fields, with the ways to call and write. */
export function HoverContent({ type, record, chosen }: HoverContentProps) {
  const { t } = useTranslation('records');
  const format = useFormat();
  const fields = hoverFields(type, chosen, record.values);
  return (
    <Owner value={record}>
      <header className={styles.head}>
        <RecordAvatar record={record} size="large" />
        <span className={styles.names}>
          <RecordLink type={type.name} id={record.id} className={styles.title}>
            {record.title}
          </RecordLink>
          <span className={styles.subtitle}>
            {format.label(type.labels)} № {record.id}
          </span>
        </span>
      </header>
      {fields.length === 0 && <p className={styles.subtitle}>{t('hover.nothing')}</p>}
      <dl className={styles.fields}>
        {fields.map((field) => {
          const { Display } = fieldKind(field.kind);
          const isWide = field.kind === 'channels';
          return (
            <div key={field.name} className={classNames(styles.field, isWide && styles.wide)}>
              <dt className={classNames(styles.label, isWide && styles.hidden)}>{format.label(field.labels)}</dt>
              <dd className={styles.value}>
                <Display field={field} value={record.values[field.name]} />
              </dd>
            </div>
          );
        })}
      </dl>
    </Owner>
  );
}
