import type { KeyboardEvent, MouseEvent, PointerEvent } from 'react';
import { useTranslation } from 'react-i18next';
import type { RowMenuPlace } from '../list/row-menu-place';
import type { Bar, Placed } from './bars';
import type { BarMoves, Grip } from './use-bar-moves';
import styles from './RecordAxis.module.css';

export interface AxisBarProps {
  placed: Placed;
  /** Where its row begins, for those who hear it. */
  rowTitle: string | null;
  moves: BarMoves;
  isOpen: boolean;
  isHeld: boolean;
  isActive: boolean;
  onOpen: (id: number) => void;
  onFocus: (key: string) => void;
  onGrip: (event: PointerEvent<HTMLElement>, bar: Bar, grip: Grip) => void;
  onKey: (event: KeyboardEvent<HTMLElement>, bar: Bar) => void;
  onMenu: (place: RowMenuPlace) => void;
  barKey: string;
}

/** A record on the axis. It is pressed to be opened, drawn to be moved, and drawn at its sides to be made longer or shorter. */
export function AxisBar({ placed, rowTitle, moves, isOpen, isHeld, isActive, onOpen, onFocus, onGrip, onKey, onMenu, barKey }: AxisBarProps) {
  const { t } = useTranslation('records');
  const { bar, lane, left, width, isInside } = placed;
  const { record } = bar;
  const state = bar.isDone ? t('axis.done') : bar.isLate ? t('axis.late') : null;
  const when = moves.whenOf(bar);
  const said = [t('axis.bar', { name: record.title, when }), rowTitle, state].filter(Boolean).join(', ');
  const may = (grip: Grip): boolean => moves.may(record, grip);
  return (
    <div
      className={styles.barBox}
      style={{ left, width, top: `calc(${lane} * var(--lane) + 4px)` }}
      data-color={bar.color ?? 'none'}
      data-point={bar.isPoint || undefined}
      data-done={bar.isDone || undefined}
      data-late={bar.isLate || undefined}
      data-held={isHeld || undefined}
      data-open={isOpen || undefined}
    >
      <button
        type="button"
        id={`row-${record.id}`}
        data-bar={barKey}
        className={styles.bar}
        data-movable={may('whole') || undefined}
        tabIndex={isActive ? 0 : -1}
        aria-label={said}
        aria-describedby={isActive ? 'axis-keys' : undefined}
        title={[record.title, when, state].filter(Boolean).join('\n')}
        onClick={() => onOpen(record.id)}
        onFocus={() => onFocus(barKey)}
        onPointerDown={(event) => onGrip(event, bar, 'whole')}
        onKeyDown={(event) => onKey(event, bar)}
        onContextMenu={(event: MouseEvent<HTMLElement>) => {
          event.preventDefault();
          // A long press of a finger takes hold of the bar.
          const isTouch = 'pointerType' in event.nativeEvent && event.nativeEvent.pointerType === 'touch';
          if (!isTouch) onMenu({ id: record.id, anchor: event.currentTarget, point: event.clientX === 0 && event.clientY === 0 ? null : { x: event.clientX, y: event.clientY } });
        }}
      >
        <span className={isInside ? styles.inside : styles.outside}>{record.title}</span>
      </button>
      {(['begin', 'end'] as const).map((side) => may(side) && <span key={side} aria-hidden="true" className={styles.handle} data-side={side} onPointerDown={(event) => onGrip(event, bar, side)} />)}
    </div>
  );
}
