import type { DisplayProps } from '../field-ui';
import styles from '../fields.module.css';
import { Nothing, Unseen } from '../Nothing';
import { recordMark } from '../record-mark';
import { RecordLink } from '../RecordLink';
import { UserAvatar } from '../UserAvatar';
import { asReference } from '../values';

export function ReferenceDisplay({ value, isCompact = false }: DisplayProps) {
  const record = asReference(value);
  if (record === null) return <Nothing />;
  if (!record.title) return <Unseen />;
  if (record.type === 'user') {
    return (
      <span className={styles.cut} title={record.title} {...recordMark(record.type, record.id)}>
        <UserAvatar id={record.id} title={record.title} size="tiny" />{'\u00a0'}{record.title}
      </span>
    );
  }
  if (isCompact) {
    // The pop-up over it tells the whole name, and more.
    return (
      <span className={styles.cut} {...recordMark(record.type, record.id)}>
        {record.title}
      </span>
    );
  }
  return (
    <RecordLink type={record.type} id={record.id} className={styles.link}>
      {record.title}
    </RecordLink>
  );
}
