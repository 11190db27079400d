import type { ReactNode } from 'react';
import styles from './VisuallyHidden.module.css';

/** Words for screen readers only; with `htmlFor` they name that control. */
export function VisuallyHidden({ htmlFor, children }: { htmlFor?: string; children: ReactNode }) {
  if (htmlFor !== undefined) {
    return (
      <label htmlFor={htmlFor} className={styles.hidden}>
        {children}
      </label>
    );
  }
  return <span className={styles.hidden}>{children}</span>;
}
