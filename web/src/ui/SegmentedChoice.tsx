import { useId, type ReactNode } from 'react';
import { classNames } from '@/util/class-names';
import styles from './SegmentedChoice.module.css';

export interface Segment<Value extends string> {
  value: Value;
  label: ReactNode;
  /** Shown as the tooltip: what choosing it means. */
  hint?: string;
}

export interface SegmentedChoiceProps<Value extends string> {
  /** What is chosen here; spoken by screen readers. */
  label: string;
  value: Value | null;
  options: readonly Segment<Value>[];
  onChange: (value: Value) => void;
  className?: string;
}

/** A few answers side by side, one of which may be chosen; the arrow keys move between them. */
export function SegmentedChoice<Value extends string>({ label, value, options, onChange, className }: SegmentedChoiceProps<Value>) {
  const name = useId();
  return (
    <fieldset className={classNames(styles.choice, className)}>
      <legend className={styles.legend}>{label}</legend>
      {options.map((option) => (
        <label key={option.value} className={styles.option} title={option.hint}>
          <input
            type="radio"
            name={name}
            className={styles.input}
            checked={value === option.value}
            onChange={() => onChange(option.value)}
          />
          <span className={styles.text}>{option.label}</span>
        </label>
      ))}
    </fieldset>
  );
}
