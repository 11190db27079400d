import { useEffect, useRef, useState, type KeyboardEvent } from 'react';
import { useTranslation } from 'react-i18next';
import { useFormat } from '@/ui/use-format';
import { classNames } from '@/util/class-names';
import styles from './RecordMap.module.css';
import type { Cluster } from './map-queries';
import { nearestTowards } from './nearest';
import type { Point } from './world';

export interface Placed {
  key: string;
  cluster: Cluster;
  at: Point;
}

export interface ClustersProps {
  placed: readonly Placed[];
  /** Its record is open beside the map. */
  openId: number | undefined;
  /** After the map moved by the keyboard the one nearest to this point gets the focus. */
  focusNear: Point | null;
  onFocused: () => void;
  onOpen: (cluster: Cluster, isByKey: boolean) => void;
}

/** Above this a number is written in short. */
const LONG = 10_000;

/** What stands on the map: a button for each cluster; the arrow keys go from one to the next. */
export function Clusters({ placed, openId, focusNear, onFocused, onOpen }: ClustersProps) {
  const { t } = useTranslation('records');
  const format = useFormat();
  const frame = useRef<HTMLDivElement>(null);
  const [active, setActive] = useState<string | null>(null);
  const current = placed.find(({ key }) => key === active) ?? placed[0];

  function focus(next: Placed): void {
    setActive(next.key);
    frame.current?.querySelector<HTMLElement>(`[data-cluster="${CSS.escape(next.key)}"]`)?.focus({ preventScroll: true });
  }

  useEffect(() => {
    if (focusNear === null || placed.length === 0) return;
    const distance = ({ at }: Placed): number => Math.hypot(at.x - focusNear.x, at.y - focusNear.y);
    focus(placed.reduce((best, next) => (distance(next) < distance(best) ? next : best)));
    onFocused();
  }, [focusNear, placed, onFocused]);

  function handleKey(event: KeyboardEvent, from: Placed): void {
    const next = nearestTowards(event.key, from, placed);
    if (next === undefined) return;
    event.preventDefault();
    event.stopPropagation();
    if (next !== null) focus(next);
  }

  function nameOf({ city, count, record }: Cluster): string {
    if (record !== null) return record.title ?? t('map.one');
    return city === null ? t('map.cluster', { count, number: format.number(count) }) : t('map.cluster_of', { city, count, number: format.number(count) });
  }

  return (
    <div ref={frame} role="group" aria-label={t('map.clusters')}>
      {placed.map((one) => {
        const { key, cluster, at } = one;
        const { count, record } = cluster;
        const isOne = count === 1;
        return (
          <button
            key={key}
            type="button"
            data-cluster={key}
            className={classNames(isOne ? styles.one : styles.cluster, count >= 100 && styles.many, count >= 1000 && styles.most, record !== null && record.id === openId && styles.open)}
            style={{ transform: `translate(${Math.round(at.x)}px, ${Math.round(at.y)}px) translate(-50%, -50%)` }}
            aria-label={nameOf(cluster)}
            tabIndex={one === current ? 0 : -1}
            onFocus={() => setActive(key)}
            onKeyDown={(event) => handleKey(event, one)}
            onClick={(event) => onOpen(cluster, event.detail === 0)}
          >
            {!isOne && (count < LONG ? format.number(count) : format.compact(count))}
            <span className={styles.name} aria-hidden="true">
              {nameOf(cluster)}
            </span>
          </button>
        );
      })}
    </div>
  );
}
