import { IconAlertCircle } from '@tabler/icons-react';
import type { ReactNode } from 'react';
import styles from './FormField.module.css';

export interface FormFieldProps {
  /** The id of the control that the label names. */
  controlId: string;
  label: ReactNode;
  isRequired?: boolean;
  /** A word about what to enter. */
  hint?: ReactNode;
  /** What is wrong and what to do; the control should carry `aria-describedby={errorId(controlId)}`. */
  error?: ReactNode;
  children: ReactNode;
}

export function errorId(controlId: string): string {
  return `${controlId}-error`;
}

/** A label, a control, and below it the hint or the error. */
export function FormField({ controlId, label, isRequired = false, hint, error, children }: FormFieldProps) {
  return (
    <div className={styles.field}>
      <label htmlFor={controlId} className={styles.label}>
        {label}
        {isRequired && (
          <span className={styles.required} aria-hidden="true">
            *
          </span>
        )}
      </label>
      {children}
      {error ? <FieldError id={errorId(controlId)}>{error}</FieldError> : hint ? <p className={styles.hint}>{hint}</p> : null}
    </div>
  );
}

/** The error of one field, announced when it appears. */
export function FieldError({ id, children }: { id?: string; children: ReactNode }) {
  return (
    <p id={id} className={styles.error} role="alert">
      <IconAlertCircle size={14} aria-hidden="true" />
      <span>{children}</span>
    </p>
  );
}
