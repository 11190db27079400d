import type { ReactNode } from 'react';
import { classNames } from '@/util/class-names';
import styles from './Page.module.css';
import { useTitle } from './use-title';

export interface PageProps {
  /** Also the name of the tab of the browser. */
  title: string;
  /** What the page is for, in a sentence. */
  intro?: ReactNode;
  /** At the right of the title: the main button, a search field. */
  aside?: ReactNode;
  /** How far the content runs to the right; without it over the whole page. */
  width?: 'form' | 'list';
  /** It stands in a page that scrolls and has its margins already: the settings. */
  isInner?: boolean;
  children: ReactNode;
}

/** A page that is no list of records: its title, what it is for, its content. */
export function Page({ title, intro, aside, width, isInner = false, children }: PageProps) {
  useTitle(title);
  return (
    <div className={classNames(!isInner && styles.page)}>
      <div className={classNames(width !== undefined && styles[width])}>
        <header className={styles.header}>
          <div className={styles.text}>
            <h1 className={styles.title}>{title}</h1>
            {intro !== undefined && <p className={styles.intro}>{intro}</p>}
          </div>
          {aside}
        </header>
        {children}
      </div>
    </div>
  );
}
