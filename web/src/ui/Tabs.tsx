import { useRef, type KeyboardEvent, type ReactNode } from 'react';
import { classNames } from '@/util/class-names';
import styles from './Tabs.module.css';

export interface Tab<Key extends string> {
  key: Key;
  label: ReactNode;
  count?: string | null;
}

export interface TabsProps<Key extends string> {
  tabs: readonly Tab<Key>[];
  current: Key;
  onChange: (key: Key) => void;
  label: string;
  /** The id of the panel the tabs switch, for screen readers. */
  panelId?: string;
  className?: string;
}

/** A row of tabs; the arrow keys move between them. */
export function Tabs<Key extends string>({ tabs, current, onChange, label, panelId, className }: TabsProps<Key>) {
  const list = useRef<HTMLDivElement>(null);

  function handleKey(event: KeyboardEvent): void {
    const index = tabs.findIndex((tab) => tab.key === current);
    const step = event.key === 'ArrowRight' ? 1 : event.key === 'ArrowLeft' ? -1 : 0;
    if (step === 0) return;
    event.preventDefault();
    const next = (index + step + tabs.length) % tabs.length;
    const tab = tabs[next];
    if (tab === undefined) return;
    onChange(tab.key);
    list.current?.querySelectorAll<HTMLElement>('[role=tab]')[next]?.focus();
  }

  return (
    <div ref={list} role="tablist" aria-label={label} className={classNames(styles.tabs, className)} onKeyDown={handleKey}>
      {tabs.map((tab) => (
        <button
          key={tab.key}
          type="button"
          role="tab"
          aria-selected={tab.key === current}
          aria-controls={panelId}
          tabIndex={tab.key === current ? 0 : -1}
          className={styles.tab}
          onClick={() => onChange(tab.key)}
        >
          {tab.label}
          {tab.count != null && <span className={styles.count}>{tab.count}</span>}
        </button>
      ))}
    </div>
  );
}
