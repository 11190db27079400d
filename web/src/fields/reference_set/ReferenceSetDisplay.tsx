import { Fragment } from 'react';
import type { DisplayProps } from '../field-ui';
import styles from '../fields.module.css';
import { Nothing } from '../Nothing';
import { RecordLink } from '../RecordLink';
import { asReferences } from '../values';

export function ReferenceSetDisplay({ value, isCompact = false }: DisplayProps) {
  const records = asReferences(value);
  if (records.length === 0) return <Nothing />;
  const text = records.map((record) => record.title).join(', ');
  if (isCompact) {
    return (
      <span className={styles.cut} title={text}>
        {text}
      </span>
    );
  }
  return (
    <span className={styles.prose}>
      {records.map((record, index) => (
        <Fragment key={record.id}>
          {index > 0 && ', '}
          {record.type === 'user' ? (
            record.title
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
