import { IconX } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';
import type { RecordReference } from '@/api/types';
import { RecordPicker } from '@/fields/reference/RecordPicker';
import { IconButton } from '@/ui/IconButton';
import styles from './UserRights.module.css';

export interface RecordChipsProps {
  id: string;
  target: string;
  label: string;
  records: readonly RecordReference[];
  placeholder: string;
  isInvalid: boolean;
  onChange: (records: readonly RecordReference[]) => void;
}

/** Chosen records as chips, and a field that adds one more. */
export function RecordChips({ id, target, label, records, placeholder, isInvalid, onChange }: RecordChipsProps) {
  const { t } = useTranslation('users');
  return (
    <div className={styles.stack}>
      {records.length > 0 && (
        <ul className={styles.chips} aria-label={label}>
          {records.map((record) => (
            <li key={record.id} className={styles.chip}>
              <span className={styles.chipText} title={record.title}>
                {record.title}
              </span>
              <IconButton
                size="small"
                label={t('rights.remove', { name: record.title })}
                icon={<IconX size={14} />}
                onClick={() => onChange(records.filter((other) => other.id !== record.id))}
              />
            </li>
          ))}
        </ul>
      )}
      <RecordPicker
        id={id}
        target={target}
        chosenIds={records.map((record) => record.id)}
        value={null}
        label={label}
        placeholder={placeholder}
        isInvalid={isInvalid}
        onChange={(record) => {
          if (record !== null && !records.some((other) => other.id === record.id)) onChange([...records, record]);
        }}
      />
    </div>
  );
}
