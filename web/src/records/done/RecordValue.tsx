import { IconAlertTriangleFilled } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';
import type { Field, ObjectType, RecordItem } from '@/api/types';
import { fieldKind } from '@/fields/registry';
import { cellValue } from '../list/cell-value';
import { isOverdue } from './done';
import styles from './done.module.css';

export interface RecordValueProps {
  type: ObjectType;
  field: Field;
  record: RecordItem;
  isCompact?: boolean;
}

/** The value of a field of a record, with a sign beside one that has passed and should not have. */
export function RecordValue({ type, field, record, isCompact }: RecordValueProps) {
  const { t } = useTranslation('records');
  const { Display } = fieldKind(field.kind);
  const value = <Display field={field} value={cellValue(record, field.name)} isCompact={isCompact} />;
  if (!isOverdue(type, field, record)) return value;
  return (
    <span className={styles.late}>
      <IconAlertTriangleFilled size={14} role="img" aria-label={t('done.late')} />
      {value}
    </span>
  );
}
