import { useVirtualizer } from '@tanstack/react-virtual';
import { useEffect, useLayoutEffect, useRef, useState, type ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import type { TimelineEntry } from '@/api/timeline';
import { Button } from '@/ui/Button';
import { useFormat } from '@/ui/use-format';
import { useNarrow } from '@/ui/use-narrow';
import { dayOf } from '@/util/format';
import styles from './Timeline.module.css';

/** About as high is an entry before it has been seen. */
const ENTRY = 58;
/** So many entries before the end the next page is asked for. */
const LOAD_AHEAD = 8;

export interface TimelineListProps {
  entries: readonly TimelineEntry[];
  draw: (entry: TimelineEntry) => ReactNode;
  hasMore: boolean;
  isLoading: boolean;
  onMore: () => void;
}

/** The nearest thing around an element that scrolls. */
function scrollerOf(element: HTMLElement | null): HTMLElement | null {
  for (let above = element?.parentElement ?? null; above !== null; above = above.parentElement) {
    if (['auto', 'scroll'].includes(getComputedStyle(above).overflowY)) return above;
  }
  return null;
}

/**
 * The entries with their days between them; only those in sight exist. What stands below the stream is within reach: it goes on by itself once
 * somebody has asked for more.
 */
export function TimelineList({ entries, draw, hasMore, isLoading, onMore }: TimelineListProps) {
  const { t } = useTranslation('timeline');
  const format = useFormat();
  const isNarrow = useNarrow();
  const list = useRef<HTMLOListElement>(null);
  const [scroller, setScroller] = useState<HTMLElement | null>(null);
  const [margin, setMargin] = useState(0);
  const [goesOn, setGoesOn] = useState(false);
  useLayoutEffect(() => setScroller(scrollerOf(list.current)), [isNarrow]);
  // What stands above it grows and shrinks, and on a phone its tab may be out of sight.
  useLayoutEffect(() => {
    const element = list.current;
    if (scroller === null || element?.parentElement == null) return;
    const measure = (): void => setMargin(Math.round(element.getBoundingClientRect().top - scroller.getBoundingClientRect().top + scroller.scrollTop));
    measure();
    const observer = new ResizeObserver(measure);
    observer.observe(element.parentElement);
    return () => observer.disconnect();
  }, [scroller]);
  const virtualizer = useVirtualizer({
    count: entries.length,
    getScrollElement: () => scroller,
    estimateSize: () => ENTRY,
    getItemKey: (index) => `${entries[index]?.kind ?? ''}/${entries[index]?.id ?? index}`,
    scrollMargin: margin,
    overscan: 8,
  });
  const rows = virtualizer.getVirtualItems();
  const isNearEnd = (rows.at(-1)?.index ?? 0) >= entries.length - LOAD_AHEAD;
  const wantsMore = goesOn && hasMore && !isLoading && isNearEnd;
  useEffect(() => {
    if (wantsMore) onMore();
  }, [wantsMore, onMore]);
  const today = dayOf(new Date(), format.timeZone);
  const dayAt = (index: number): string => dayOf(entries[index]?.at ?? '', format.timeZone);
  return (
    <>
      <ol ref={list} className={styles.rows} style={{ height: virtualizer.getTotalSize() }} aria-label={t('title')}>
        {rows.map((row) => {
          const entry = entries[row.index];
          if (entry === undefined) return null;
          const day = dayAt(row.index);
          const startsDay = row.index === 0 || dayAt(row.index - 1) !== day;
          return (
            <li
              key={row.key}
              ref={virtualizer.measureElement}
              data-index={row.index}
              className={styles.place}
              style={{ transform: `translateY(${row.start - margin}px)` }}
            >
              {startsDay && (
                <p className={styles.day}>{day > today ? t('ahead', { day: format.day(day) }) : format.day(day)}</p>
              )}
              {draw(entry)}
            </li>
          );
        })}
      </ol>
      {hasMore && (
        <Button
          size="small"
          className={styles.more}
          isBusy={isLoading}
          onClick={() => {
            setGoesOn(true);
            onMore();
          }}
        >
          {t('more')}
        </Button>
      )}
    </>
  );
}
