import type { ReactNode, ThHTMLAttributes, TdHTMLAttributes } from 'react';
import { classNames } from '@/util/class-names';
import styles from './Table.module.css';

/** A plain table for short lists (settings, import mapping); the long virtual one lives in `records/list`. */
export function Table({ label, children, className }: { label: string; children: ReactNode; className?: string }) {
  return (
    // A region that scrolls must be reachable by keyboard.
    <div className={classNames(styles.frame, className)} role="region" aria-label={label} tabIndex={0}>
      <table className={styles.table} aria-label={label}>
        {children}
      </table>
    </div>
  );
}

export function HeadCell({ className, ...rest }: ThHTMLAttributes<HTMLTableCellElement>) {
  return <th scope="col" {...rest} className={classNames(styles.head, className)} />;
}

export interface CellProps extends TdHTMLAttributes<HTMLTableCellElement> {
  /** Numbers stand at the right in tabular figures. */
  isNumber?: boolean;
}

export function Cell({ className, isNumber = false, ...rest }: CellProps) {
  return <td {...rest} className={classNames(styles.cell, isNumber && styles.number, className)} />;
}
