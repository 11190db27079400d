import styles from './ProgressBar.module.css';

export interface ProgressBarProps {
  /** Units done. */
  done: number;
  /** Units in all; null while unknown. */
  total: number | null;
  label: string;
}

export function ProgressBar({ done, total, label }: ProgressBarProps) {
  const share = total === null || total === 0 ? null : Math.min(1, done / total);
  return (
    <div
      className={styles.track}
      role="progressbar"
      aria-label={label}
      aria-valuemin={0}
      aria-valuemax={100}
      aria-valuenow={share === null ? undefined : Math.round(share * 100)}
    >
      <div className={share === null ? styles.unknown : styles.bar} style={share === null ? undefined : { width: `${share * 100}%` }} />
    </div>
  );
}
