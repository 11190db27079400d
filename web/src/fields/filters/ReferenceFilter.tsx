import { useQueries } from '@tanstack/react-query';
import { IconX } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';
import { recordQuery } from '@/api/records';
import { Checkbox } from '@/ui/Checkbox';
import { IconButton } from '@/ui/IconButton';
import type { FilterProps } from '../field-ui';
import styles from '../fields.module.css';
import { RecordPicker } from '../reference/RecordPicker';
import { useVocabulary } from '../reference/vocabulary';
import { VocabularyFilter } from './VocabularyFilter';

/** Groups and tags are there to be ticked, other records are found by name. */
export function ReferenceFilter(props: FilterProps) {
  const vocabulary = useVocabulary(props.field.settings.target ?? '');
  return vocabulary === null ? <RecordFilter {...props} /> : <VocabularyFilter {...props} vocabulary={vocabulary} />;
}

/** Records by name, and "me" where people are meant. */
function RecordFilter({ field, operator, values, onChange, label }: FilterProps) {
  const { t } = useTranslation('fields');
  const target = field.settings.target ?? '';
  const isSingle = operator === '=' || operator === '!=';
  const isMe = values.some((value) => value.text === 'me');
  const ids = values.filter((value) => value.text !== 'me').map((value) => value.text);
  const records = useQueries({ queries: ids.map((id) => recordQuery(target, Number(id))) });
  return (
    <div className={styles.stack}>
      {target === 'user' && (
        <Checkbox
          isChecked={isMe}
          label={t('filter.me')}
          onChange={(isOn) => {
            const others = isSingle ? [] : values.filter((value) => value.text !== 'me');
            onChange(isOn ? [{ form: 'bare', text: 'me' }, ...others] : others);
          }}
        />
      )}
      {ids.length > 0 && (
        <div className={styles.chips}>
          {ids.map((id, index) => (
            <span key={id} className={styles.chip}>
              <span className={styles.cut}>{records[index]?.data?.title ?? `№ ${id}`}</span>
              <IconButton
                size="small"
                label={t('remove')}
                icon={<IconX size={14} />}
                onClick={() => onChange(values.filter((value) => value.text !== id))}
              />
            </span>
          ))}
        </div>
      )}
      <RecordPicker
        id="filter-record"
        target={target}
        label={label}
        value={null}
        onChange={(record) => {
          if (record === null || ids.includes(String(record.id))) return;
          const entry = { form: 'bare' as const, text: String(record.id) };
          onChange(isSingle ? [entry] : [...values, entry]);
        }}
      />
    </div>
  );
}
