import { IconX } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';
import { IconButton } from '@/ui/IconButton';
import { useFormat } from '@/ui/use-format';
import type { InputProps } from '../field-ui';
import styles from '../fields.module.css';
import { RecordPicker } from '../reference/RecordPicker';
import { useOffered } from '../reference/use-offered';
import { useVocabulary } from '../reference/vocabulary';
import { asReferences } from '../values';

/** Chosen records as chips, tags in their colours, and a field that adds one more. */
export function ReferenceSetInput({ id, field, value, onChange, problems, describedBy, hasAutoFocus, onKeyDown }: InputProps) {
  const { t } = useTranslation('fields');
  const format = useFormat();
  const offered = useOffered(field.settings.target ?? '');
  const records = asReferences(value);
  const vocabulary = useVocabulary(field.settings.target ?? '', records.length > 0);
  return (
    <div className={styles.stack}>
      {records.length > 0 && (
        <div className={styles.chips}>
          {records.map((record) => (
            <span key={record.id} className={styles.chip} data-color={vocabulary?.items.find((item) => item.id === record.id)?.color}>
              <span className={styles.cut}>{record.title}</span>
              <IconButton
                size="small"
                label={t('remove_named', { name: record.title })}
                icon={<IconX size={14} />}
                onClick={() => onChange(records.filter((other) => other.id !== record.id))}
              />
            </span>
          ))}
        </div>
      )}
      <RecordPicker
        id={id}
        target={field.settings.target ?? ''}
        filter={field.settings.target_filter}
        offered={offered}
        canCreate
        chosenIds={records.map((record) => record.id)}
        value={null}
        label={format.label(field.labels)}
        isInvalid={problems.length > 0}
        describedBy={describedBy}
        hasAutoFocus={hasAutoFocus}
        onKeyDown={onKeyDown}
        onChange={(record) => {
          if (record !== null && !records.some((other) => other.id === record.id)) onChange([...records, record]);
        }}
      />
    </div>
  );
}
