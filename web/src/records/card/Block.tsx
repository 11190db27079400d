import { IconChevronRight } from '@tabler/icons-react';
import { useState, type ReactNode } from 'react';
import styles from './Block.module.css';

/** A foldable block of the right column. */
export function Block({ title, count, children }: { title: string; count?: string; children: ReactNode }) {
  const [isOpen, setIsOpen] = useState(true);
  return (
    <section className={styles.block}>
      <h2>
        <button type="button" className={styles.blockTitle} aria-expanded={isOpen} onClick={() => setIsOpen(!isOpen)}>
          {title}
          {count !== undefined && <span className={styles.count}>{count}</span>}
          <IconChevronRight size={14} className={styles.fold} aria-hidden="true" />
        </button>
      </h2>
      {isOpen && children}
    </section>
  );
}
