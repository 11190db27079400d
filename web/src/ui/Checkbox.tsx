import { IconCheck, IconMinus } from '@tabler/icons-react';
import type { InputHTMLAttributes, ReactNode, Ref } from 'react';
import { classNames } from '@/util/class-names';
import styles from './Checkbox.module.css';

export interface CheckboxProps extends Omit<InputHTMLAttributes<HTMLInputElement>, 'type' | 'onChange' | 'checked'> {
  ref?: Ref<HTMLInputElement>;
  isChecked: boolean;
  /** Some but not all of what it stands for is chosen. */
  isMixed?: boolean;
  onChange: (isChecked: boolean) => void;
  /** The text beside it; without one give `aria-label`. */
  label?: ReactNode;
}

export function Checkbox({ isChecked, isMixed = false, onChange, label, className, ...rest }: CheckboxProps) {
  return (
    <label className={classNames(styles.label, className)}>
      <span className={styles.frame}>
        <input
          {...rest}
          type="checkbox"
          className={styles.input}
          checked={isChecked}
          aria-checked={isMixed ? 'mixed' : undefined}
          onChange={(event) => onChange(event.target.checked)}
        />
        {isMixed ? (
          <IconMinus size={12} stroke={3} className={styles.mark} aria-hidden="true" />
        ) : (
          <IconCheck size={12} stroke={3} className={styles.mark} aria-hidden="true" />
        )}
      </span>
      {label}
    </label>
  );
}
