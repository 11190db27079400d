import type { InputHTMLAttributes, ReactNode, Ref, TextareaHTMLAttributes } from 'react';
import { classNames } from '@/util/class-names';
import styles from './TextInput.module.css';

export interface TextInputProps extends InputHTMLAttributes<HTMLInputElement> {
  ref?: Ref<HTMLInputElement>;
  isInvalid?: boolean;
  /** An icon before the text. */
  icon?: ReactNode;
}

export function TextInput({ isInvalid = false, icon, className, type = 'text', ...rest }: TextInputProps) {
  const input = (
    <input
      {...rest}
      type={type}
      aria-invalid={isInvalid || undefined}
      className={classNames(styles.input, icon !== undefined && styles.withIcon, className)}
    />
  );
  if (icon === undefined) return input;
  return (
    <span className={styles.frame}>
      <span className={styles.icon} aria-hidden="true">
        {icon}
      </span>
      {input}
    </span>
  );
}

export interface TextAreaProps extends TextareaHTMLAttributes<HTMLTextAreaElement> {
  ref?: Ref<HTMLTextAreaElement>;
  isInvalid?: boolean;
}

export function TextArea({ isInvalid = false, className, rows = 3, ...rest }: TextAreaProps) {
  return (
    <textarea {...rest} rows={rows} aria-invalid={isInvalid || undefined} className={classNames(styles.input, styles.area, className)} />
  );
}
