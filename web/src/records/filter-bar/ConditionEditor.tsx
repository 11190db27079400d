import { useState } from 'react';
import type { ObjectType } from '@/api/types';
import { lazyPart } from '@/ui/lazy-part';
import type { FilterCondition } from '@/util/filter-text';
import { conditionField } from './condition-words';
import { FieldChoice } from './FieldChoice';
import styles from './FilterBar.module.css';
import type { ConditionSubject } from './ValueEditor';

export const ValueEditor = lazyPart(() => import('./ValueEditor'), 'ValueEditor');

export interface ConditionEditorProps {
  type: ObjectType;
  /** Null for a new one: the field is chosen first. */
  condition: FilterCondition | null;
  onApply: (condition: FilterCondition) => void;
}

/** Field, then operator, then value. */
export function ConditionEditor({ type, condition, onApply }: ConditionEditorProps) {
  const [subject, setSubject] = useState<ConditionSubject | null>(() => {
    const field = condition === null ? undefined : conditionField(type, condition);
    return field === undefined ? null : { field, part: condition?.part ?? null };
  });
  if (subject === null) {
    return (
      <div className={styles.sheet}>
        <FieldChoice type={type} onChoose={(field, part) => setSubject({ field, part })} onChooseWhole={onApply} />
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
