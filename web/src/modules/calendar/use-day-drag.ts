import { useCallback, type PointerEvent } from 'react';
import { mayMove, movedBy, type Entry } from './entries';
import { followPress } from '@/ui/pointer';
import { daysFrom } from '@/util/times';
import type { Moves } from './use-moves';

/** The day under a point: the cells say it themselves. */
export function dayUnder(x: number, y: number): string | null {
  for (const element of document.elementsFromPoint(x, y)) {
    const day = element instanceof HTMLElement ? element.dataset.day : undefined;
    if (day !== undefined) return day;
  }
  return null;
}

/** Dragging from day to day: bars above the hours, and all entries of a month. The time of the day stays. */
export function useDayDrag(moves: Moves, zone: string | undefined): (event: PointerEvent<HTMLElement>, entry: Entry) => void {
  return useCallback(
    (event: PointerEvent<HTMLElement>, entry: Entry): void => {
      event.stopPropagation();
      if (event.button !== 0 || !mayMove(entry)) return;
      const first = dayUnder(event.clientX, event.clientY);
      if (first === null) return;
      let at = { key: entry.key, start: entry.start, end: entry.end };
      followPress(event.nativeEvent, null, {
        onMove: (x, y) => {
          const day = dayUnder(x, y);
          if (day === null) return;
          at = movedBy(entry, daysFrom(first, day), 0, zone);
          moves.hold(at);
        },
        onEnd: (isDragged) => isDragged && moves.drop(entry, at, false),
        onCancel: () => moves.letGo(entry.key),
      });
    },
    [moves, zone],
  );
}
