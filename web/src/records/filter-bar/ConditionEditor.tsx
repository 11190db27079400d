import { IconArrowLeft } from '@tabler/icons-react';
import { useEffect, useRef, useState, type FormEvent } from 'react';
import { useTranslation } from 'react-i18next';
import type { Field, ObjectType } from '@/api/types';
import { fieldKind } from '@/fields/registry';
import { Button } from '@/ui/Button';
import { IconButton } from '@/ui/IconButton';
import { Select } from '@/ui/Select';
import { useFormat } from '@/ui/use-format';
import type { FilterCondition, FilterOperatorName, FilterValue } from '@/util/filter-text';
import { conditionField, usePartName } from './condition-words';
import { FieldChoice } from './FieldChoice';
import styles from './FilterBar.module.css';
import { firstOperator, operatorsOf } from './first-operator';

export interface ConditionEditorProps {
  type: ObjectType;
  /** Null for a new one: the field is chosen first. */
  condition: FilterCondition | null;
  onApply: (condition: FilterCondition) => void;
}

interface Subject {
  field: Field;
  part: string | null;
}

function needsValue(operator: FilterOperatorName): boolean {
  return operator !== 'is_empty' && operator !== 'is_not_empty';
}

/** Field, then operator, then value. */
export function ConditionEditor({ type, condition, onApply }: ConditionEditorProps) {
  const [subject, setSubject] = useState<Subject | null>(() => {
    const field = condition === null ? undefined : conditionField(type, condition);
    return field === undefined ? null : { field, part: condition?.part ?? null };
  });
  if (subject === null) {
    return (
      <div className={styles.sheet}>
        <FieldChoice type={type} onChoose={(field, part) => setSubject({ field, part })} />
      </div>
    );
  }
  return (
    <ValueEditor
      typeName={type.name}
      key={`${subject.field.name}.${subject.part ?? ''}`}
      subject={subject}
      condition={condition?.field === subject.field.name && condition.part === subject.part ? condition : null}
      onBack={() => setSubject(null)}
      onApply={onApply}
    />
  );
}

interface ValueEditorProps {
  typeName: string;
  subject: Subject;
  condition: FilterCondition | null;
  onBack: () => void;
  onApply: (condition: FilterCondition) => void;
}

function ValueEditor({ typeName, subject, condition, onBack, onApply }: ValueEditorProps) {
  const { t } = useTranslation('records');
  const format = useFormat();
  const { field, part } = subject;
  const [operator, setOperator] = useState<FilterOperatorName>(condition?.operator ?? firstOperator(field, part));
  const [values, setValues] = useState<FilterValue[]>(condition?.values ?? []);
  const partName = usePartName(field, part);
  const label = partName ?? format.label(field.labels);
  const { Filter } = fieldKind(field.kind);
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
        options={operatorsOf(field).map((name) => ({ value: name, label: t(`operators.${name}`) }))}
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
