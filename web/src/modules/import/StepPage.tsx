import type { ReactNode } from 'react';
import { keepClear } from '@/ui/keep-clear';
import styles from './ImportScreen.module.css';

/** What every step looks like: content that scrolls, and a bar with the way back and on. */
export function StepPage({ children, actions }: { children: ReactNode; actions: ReactNode }) {
  return (
    <>
      <div className={styles.body}>{children}</div>
      <footer ref={keepClear} className={styles.actions}>{actions}</footer>
    </>
  );
}
