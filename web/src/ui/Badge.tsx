import type { ReactNode } from 'react';
import { classNames } from '@/util/class-names';
import styles from './Badge.module.css';

export type BadgeColor = 'grey' | 'red' | 'amber' | 'green' | 'blue' | 'purple';

/** A word on a coloured wash; the word carries the meaning, the colour helps to find it. */
export function Badge({ color, children }: { color?: BadgeColor | null; children: ReactNode }) {
  return <span className={classNames(styles.badge, styles[color ?? 'grey'])}>{children}</span>;
}
