import { IconX } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';
import type { ObjectType } from '@/api/types';
import { Popover } from '@/ui/Popover';
import type { FilterCondition } from '@/util/filter-text';
import { useConditionWords } from './condition-words';
import { ConditionEditor } from './ConditionEditor';
import { ConditionText } from './ConditionText';
import styles from './FilterBar.module.css';

export interface ConditionChipProps {
  type: ObjectType;
  condition: FilterCondition;
  onChange: (condition: FilterCondition) => void;
  onRemove: () => void;
}

/** One condition; a press opens it for change. */
export function ConditionChip({ type, condition, onChange, onRemove }: ConditionChipProps) {
  const { t } = useTranslation('records');
  const words = useConditionWords(type, condition);
  const text = [words.field, words.operator, words.value].filter((part) => part !== '').join(' ');
  return (
    <span className={styles.chip}>
      <Popover
        label={t('filter.change')}
        trigger={
          <button type="button" className={styles.chipButton} title={text}>
            <span className={styles.chipText}>
              <ConditionText condition={condition} words={words} />
            </span>
          </button>
        }
      >
        {(close) => (
          <ConditionEditor
            type={type}
            condition={condition}
            onApply={(next) => {
              onChange(next);
              close();
            }}
          />
        )}
      </Popover>
      <button type="button" className={styles.chipRemove} aria-label={t('filter.remove', { condition: text })} title={t('filter.remove', { condition: text })} onClick={onRemove}>
        <IconX size={14} aria-hidden="true" />
      </button>
    </span>
  );
}
