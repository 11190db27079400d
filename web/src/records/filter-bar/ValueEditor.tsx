import { IconArrowLeft } from '@tabler/icons-react';
import { useEffect, useRef, useState, type FormEvent } from 'react';
import { useTranslation } from 'react-i18next';
import type { Field } from '@/api/types';
import { fieldEditors } from '@/fields/editors';
import { Button } from '@/ui/Button';
import { IconButton } from '@/ui/IconButton';
import { Select } from '@/ui/Select';
import { useFormat } from '@/ui/use-format';
import type { FilterCondition, FilterOperatorName, FilterValue } from '@/util/filter-text';
import { usePartName } from './condition-words';
import styles from './FilterBar.module.css';
import { firstOperator, operatorsOf } from './first-operator';

/** A field, or a part of one, that a condition asks about. */
export interface ConditionSubject {
  field: Field;
  part: string | null;
}

function needsValue(operator: FilterOperatorName): boolean {
  return operator !== 'is_empty' && operator !== 'is_not_empty';
}

export interface ValueEditorProps {
  typeName: string;
  subject: ConditionSubject;
  condition: FilterCondition | null;
  onBack: () => void;
  onApply: (condition: FilterCondition) => void;
}

/** What is asked of a field: operator, then value. */
export function ValueEditor({ typeName, subject, condition, onBack, onApply }: ValueEditorProps) {
  const { t } = useTranslation('records');
  const format = useFormat();
  const { field, part } = subject;
  const [operator, setOperator] = useState<FilterOperatorName>(condition?.operator ?? firstOperator(field, part));
  const [values, setValues] = useState<FilterValue[]>(condition?.values ?? []);
  const partName = usePartName(field, part);
  const label = partName ?? format.label(field.labels);
  const { Filter } = fieldEditors(field.kind);
  const isComplete = !needsValue(operator) || values.length > (operator === 'between' ? 1 : 0);

  // The list of fields went with its focus; what comes next is the value.
  const form = useRef<HTMLFormElement>(null);
  useEffect(() => form.current?.querySelector<HTMLElement>('[data-autofocus]')?.focus(), []);

  function submit(event: FormEvent): void {
    event.preventDefault();
    event.stopPropagation();
    if (isComplete) onApply({ field: field.name, part, operator, values: needsValue(operator) ? values : [] });
  }

  return (
    <form ref={form} className={styles.sheet} onSubmit={submit}>
      <div className={styles.sheetTitle}>
        <IconButton size="small" label={t('filter.other_field')} icon={<IconArrowLeft size={16} />} onClick={onBack} />
        {label}
      </div>
      <Select
        size="small"
        aria-label={t('filter.operator')}
        value={operator}
        options={operatorsOf(field, part).map((name) => ({ value: name, label: t(`operators.${name}`) }))}
        onChange={(next) => setOperator(next as FilterOperatorName)}
      />
      {needsValue(operator) && (
        <Filter key={operator} typeName={typeName} field={field} part={part} operator={operator} values={values} onChange={setValues} label={label} />
      )}
      <div className={styles.actions}>
        <Button type="submit" look="primary" size="small" disabledReason={!isComplete && t('filter.needs_value')}>
          {t('filter.apply')}
        </Button>
      </div>
    </form>
  );
}
