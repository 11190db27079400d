import type { DisplayProps } from '../field-ui';
import styles from '../fields.module.css';
import { Nothing } from '../Nothing';
import { RecordLink } from '../RecordLink';
import { asReference } from '../values';

export function ReferenceDisplay({ value, isCompact = false }: DisplayProps) {
  const record = asReference(value);
  if (record === null) return <Nothing />;
  if (isCompact || record.type === 'user') {
    return (
      <span className={styles.cut} title={record.title}>
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
