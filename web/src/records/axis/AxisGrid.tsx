import { useCallback, useEffect, useLayoutEffect, useMemo, useRef, useState, type KeyboardEvent, type PointerEvent } from 'react';
import { useTranslation } from 'react-i18next';
import { UserAvatar } from '@/fields/UserAvatar';
import { followPress } from '@/ui/pointer';
import { useFormat } from '@/ui/use-format';
import { DAY_MINUTES, dayAt, minutesAt } from '@/util/times';
import type { RowMenuPlace } from '../list/row-menu-place';
import { AxisBar } from './AxisBar';
import type { AxisFields } from './axis-fields';
import { AxisHead } from './AxisHead';
import { lanesOf, rowsOf, type Bar } from './bars';
import styles from './RecordAxis.module.css';
import { closedTicks, numberOf, placeOf, SIZES, type Scale } from './scale';
import type { BarMoves, Grip } from './use-bar-moves';
import { useClosedDays } from './use-closed-days';

export interface AxisGridProps {
  label: string;
  axis: AxisFields;
  scale: Scale;
  /** The day that is looked at. */
  day: string;
  now: number;
  bars: readonly Bar[];
  /** All of them are there. */
  isKnown: boolean;
  moves: BarMoves;
  openId: number | undefined;
  onOpen: (id: number) => void;
  onMenu: (place: RowMenuPlace) => void;
}

/** The names of the rows stand still, the axis goes by under them. */
export function AxisGrid({ label, axis, scale, day, now, bars, isKnown, moves, openId, onOpen, onMenu }: AxisGridProps) {
  const { t } = useTranslation('records');
  const format = useFormat();
  const zone = format.timeZone;
  const scroller = useRef<HTMLDivElement>(null);
  const { isClosed, holidays } = useClosedDays(scale, zone);
  const [activeKey, setActiveKey] = useState<string | null>(null);
  const today = dayAt(now, zone);
  const place = useCallback((days: number) => placeOf(scale, days), [scale]);
  const rows = useMemo(() => rowsOf(axis.rows, bars, format.label).map((row) => ({ ...row, ...lanesOf(row.bars, place) })), [axis.rows, bars, format, place]);
  const keys = rows.flatMap((row) => row.placed.map(({ bar }) => `${row.key}/${bar.record.id}`));
  const roving = activeKey !== null && keys.includes(activeKey) ? activeKey : keys[0];
  const shades = useMemo(() => (scale.zoom === 'day' || scale.zoom === 'week' ? closedTicks(scale, isClosed) : []), [scale, isClosed]);
  const nowAt = place(numberOf(today) + minutesAt(now, zone) / DAY_MINUTES);

  // The day that is looked at stands at a fifth of what is seen.
  useLayoutEffect(() => {
    const box = scroller.current;
    if (box !== null) box.scrollLeft = placeOf(scale, numberOf(day)) - box.clientWidth * 0.2;
  }, [scale, day]);
  useEffect(() => {
    // A name that was pressed to open a card beside the axis stays in sight.
    if (openId !== undefined) document.getElementById(`row-${openId}`)?.scrollIntoView({ block: 'nearest', inline: 'nearest' });
  }, [openId]);

  const latest = useRef({ moves, dayWidth: scale.dayWidth });
  useEffect(() => {
    latest.current = { moves, dayWidth: scale.dayWidth };
  });
  const grip = useCallback((event: PointerEvent<HTMLElement>, bar: Bar, kind: Grip): void => {
    event.stopPropagation();
    if (event.button !== 0 || !latest.current.moves.may(bar.record, kind)) return;
    const box = scroller.current;
    const from = event.clientX + (box?.scrollLeft ?? 0);
    let days = 0;
    followPress(event.nativeEvent, box, {
      isSideways: true,
      onMove: (x) => {
        days = Math.round((x + (box?.scrollLeft ?? 0) - from) / latest.current.dayWidth);
        latest.current.moves.show(bar, kind, days);
      },
      onEnd: (isDragged) => isDragged && latest.current.moves.drop(bar, kind, days),
      onCancel: () => latest.current.moves.letGo(bar),
    });
  }, []);

  function walk(from: HTMLElement, by: 1 | -1): void {
    const all = [...(scroller.current?.querySelectorAll<HTMLElement>('[data-bar]') ?? [])];
    const next = all[all.indexOf(from) + by];
    next?.focus({ preventScroll: true });
    next?.scrollIntoView({ block: 'nearest', inline: 'nearest' });
  }

  function handleKey(event: KeyboardEvent<HTMLElement>, bar: Bar): void {
    if (event.altKey) return;
    const isAcross = event.key === 'ArrowLeft' || event.key === 'ArrowRight';
    if (event.key === 'ContextMenu' || (event.key === 'F10' && event.shiftKey)) onMenu({ id: bar.record.id, anchor: event.currentTarget, point: null });
    else if (isAcross && event.shiftKey) {
      const isEnd = event.ctrlKey || event.metaKey;
      const kind: Grip = isEnd ? 'end' : 'whole';
      if (moves.may(bar.record, kind)) moves.nudge(bar, kind, (event.key === 'ArrowRight' ? 1 : -1) * SIZES[scale.zoom].nudge);
    } else if (event.key.startsWith('Arrow') && !event.shiftKey && !event.ctrlKey && !event.metaKey) walk(event.currentTarget, event.key === 'ArrowRight' || event.key === 'ArrowDown' ? 1 : -1);
    else return;
    event.preventDefault();
    event.stopPropagation();
  }

  return (
    <div ref={scroller} className={styles.scroller} role="group" aria-label={t('axis.title', { name: label })} data-nameless={axis.rows === undefined || undefined} tabIndex={-1}>
      <div className={styles.inner} style={{ width: `calc(var(--names) + ${scale.width}px)` }}>
        <div className={styles.top}>
          {axis.rows !== undefined && <div className={styles.corner}>{format.label(axis.rows.labels)}</div>}
          <AxisHead scale={scale} today={today} holidays={holidays} isClosed={isClosed} />
        </div>
        <div className={styles.body}>
          <div className={styles.ground} style={{ width: scale.width }} aria-hidden="true">
            {shades.map((shade) => (
              <div key={shade.day} className={styles.shade} style={{ left: place(numberOf(shade.day)), width: shade.days * scale.dayWidth }} />
            ))}
            {scale.lower.map((tick) => (
              <div key={tick.day} className={styles.line} style={{ left: place(numberOf(tick.day)) }} data-strong={scale.upper.some((upper) => upper.day === tick.day) || undefined} />
            ))}
            {today >= scale.first && today < scale.end && <div className={styles.now} style={{ left: nowAt }} />}
          </div>
          {rows.map((row) => (
            <section key={row.key} className={styles.row} aria-label={row.title ?? t(axis.rows === undefined ? 'axis.all' : 'axis.no_value')}>
              {axis.rows !== undefined && (
                <div className={styles.name}>
                  {row.userId !== null && <UserAvatar id={row.userId} title={row.title ?? ''} size="small" />}
                  <span className={styles.nameText} title={row.title ?? undefined} data-empty={row.title === null || undefined}>
                    {row.title ?? t('axis.no_value')}
                  </span>
                  <span className={styles.nameCount}>{row.bars.length}</span>
                </div>
              )}
              <div className={styles.track} style={{ width: scale.width, height: `calc(${row.lanes} * var(--lane) + 2px)` }}>
                {row.placed.map((placed) => {
                  const key = `${row.key}/${placed.bar.record.id}`;
                  return (
                    <AxisBar
                      key={key}
                      barKey={key}
                      placed={placed}
                      rowTitle={row.title}
                      moves={moves}
                      isOpen={openId === placed.bar.record.id}
                      isHeld={moves.held.some((held) => held.key === String(placed.bar.record.id))}
                      isActive={roving === key}
                      onOpen={onOpen}
                      onFocus={setActiveKey}
                      onGrip={grip}
                      onKey={handleKey}
                      onMenu={onMenu}
                    />
                  );
                })}
              </div>
            </section>
          ))}
          {axis.rows !== undefined && (
            <div className={styles.rest} aria-hidden="true">
              <div className={styles.name} />
            </div>
          )}
          {isKnown && rows.length === 0 && <p className={styles.nothing}>{t('axis.nothing')}</p>}
        </div>
      </div>
      <p id="axis-keys" hidden>
        {t('axis.keys')}
      </p>
    </div>
  );
}
