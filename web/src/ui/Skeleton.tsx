import { useEffect, useState, type ReactNode } from 'react';
import styles from './Skeleton.module.css';

const DELAY_MS = 200;

/** Draws its children only after a moment, so that a quick answer shows no flicker. */
export function AfterDelay({ children }: { children: ReactNode }) {
  const [isShown, setIsShown] = useState(false);
  useEffect(() => {
    const timer = window.setTimeout(() => setIsShown(true), DELAY_MS);
    return () => window.clearTimeout(timer);
  }, []);
  return isShown ? children : null;
}

export interface SkeletonProps {
  /** How many lines of text to stand for. */
  lines?: number;
  label: string;
}

/** Grey lines in the place of text that is on its way. */
export function Skeleton({ lines = 3, label }: SkeletonProps) {
  return (
    <AfterDelay>
      <div role="status" aria-label={label} className={styles.skeleton}>
        {Array.from({ length: lines }, (_, index) => (
          <span key={index} className={styles.line} />
        ))}
      </div>
    </AfterDelay>
  );
}
