import type { Field, FieldProblem, FieldValue } from '@/api/types';
import { ProblemText } from '@/fields/ProblemText';
import { fieldEditors } from '@/fields/editors';
import { fieldKind } from '@/fields/registry';
import { errorId } from '@/ui/FormField';
import { useFormat } from '@/ui/use-format';
import { classNames } from '@/util/class-names';
import { generalProblems } from '../editing/general-problems';
import styles from './CreateForm.module.css';

export interface FormRowProps {
  field: Field;
  value: FieldValue;
  isRequired: boolean;
  /** A word about what to enter or what is enough; may be empty. */
  hint: string;
  problems: readonly FieldProblem[];
  onChange: (value: FieldValue) => void;
  onLeave: () => void;
  /** Some control of the field was left, perhaps for another one of it. */
  onPartLeave: () => void;
}

/** A field of the form: label, input, what is wrong. Blocks take the whole width. */
export function FormRow({ field, value, isRequired, hint, problems, onChange, onLeave, onPartLeave }: FormRowProps) {
  const format = useFormat();
  const kind = fieldKind(field.kind);
  const { Input } = fieldEditors(field.kind);
  const id = `form-${field.name}`;
  // A block of controls is a group with a name; only a single control can have a label of its own.
  const isBlock = kind.editing === 'sheet';
  const isWide = isBlock || field.kind === 'long_text';
  const label = (
    <>
      {format.label(field.labels)}
      {isRequired && (
        <span className={styles.required} aria-hidden="true">
          *
        </span>
      )}
    </>
  );
  return (
    <div
      className={classNames(styles.row, isWide && styles.wide)}
      role={isBlock ? 'group' : undefined}
      aria-labelledby={isBlock ? `${id}-label` : undefined}
      data-invalid={problems.length > 0 || undefined}
      onBlur={(event) => {
        onPartLeave();
        if (!event.currentTarget.contains(event.relatedTarget)) onLeave();
      }}
    >
      {isBlock ? (
        <span id={`${id}-label`} className={styles.label}>
          {label}
        </span>
      ) : (
        <label htmlFor={id} className={styles.label}>
          {label}
        </label>
      )}
      <Input
        id={id}
        field={field}
        value={value}
        problems={problems}
        describedBy={problems.length > 0 ? errorId(id) : hint === '' ? undefined : `${id}-hint`}
        onChange={onChange}
      />
      {hint !== '' && (
        <p id={`${id}-hint`} className={styles.hint}>
          {hint}
        </p>
      )}
      {generalProblems(field, problems).map((problem) => (
        <ProblemText key={problem.code} id={errorId(id)} problem={problem} />
      ))}
    </div>
  );
}
