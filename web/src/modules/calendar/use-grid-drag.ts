import { useCallback, useEffect, useRef, type PointerEvent, type RefObject } from 'react';
import type { Draft } from './draft';
import { mayMove, mayStretch, movedBy, type Entry } from './entries';
import { followPress } from '@/ui/pointer';
import { DAY_MINUTES, daysFrom, MINUTE, minutesAt, momentOf, snap, STEP } from '@/util/times';
import type { Moves } from './use-moves';

export interface Column {
  key: string;
  day: string;
  /** Whose; null where the people are together. */
  person: number | null;
}

interface Place {
  column: Column;
  minutes: number;
}

export interface GridDrag {
  /** A press on an entry, or on its lower edge. */
  takeEntry: (event: PointerEvent<HTMLElement>, entry: Entry, isStretch: boolean) => void;
  /** A press on empty time. */
  takeEmpty: (event: PointerEvent<HTMLElement>) => void;
  /** A tap of a finger on empty time. */
  tapEmpty: (x: number, y: number) => void;
}

/** A press without a way makes an entry of this length. */
const USUAL = 60;
/** It begins at a half hour. */
const TAP_STEP = 30;

/** Dragging in the hours: entries are moved and stretched, empty time is drawn on. */
export function useGridDrag(body: RefObject<HTMLElement | null>, scroller: RefObject<HTMLElement | null>, columns: readonly Column[], moves: Moves, zone: string | undefined, onDraw: (draft: Draft | null) => void): GridDrag {
  const latest = useRef({ columns, moves, onDraw });
  useEffect(() => {
    latest.current = { columns, moves, onDraw };
  });

  const placeAt = useCallback(
    (x: number, y: number): Place | null => {
      const box = body.current?.getBoundingClientRect();
      const { columns: all } = latest.current;
      if (box === undefined || all.length === 0) return null;
      const at = Math.floor(((x - box.left) / box.width) * all.length);
      const column = all[Math.min(Math.max(at, 0), all.length - 1)];
      const minutes = ((y - box.top) / box.height) * DAY_MINUTES;
      return column === undefined ? null : { column, minutes: Math.min(Math.max(minutes, 0), DAY_MINUTES) };
    },
    [body],
  );

  const takeEntry = useCallback(
    (event: PointerEvent<HTMLElement>, entry: Entry, isStretch: boolean): void => {
      event.stopPropagation();
      if (event.button !== 0 || !(isStretch ? mayStretch(entry) : mayMove(entry))) return;
      const first = placeAt(event.clientX, event.clientY);
      if (first === null) return;
      const begin = minutesAt(entry.start, zone);
      const since = ({ column, minutes }: Place): number => daysFrom(entry.firstDay, column.day) * DAY_MINUTES + minutes;
      const grip = since(first) - begin;
      let at = { key: entry.key, start: entry.start, end: entry.end };
      followPress(event.nativeEvent, scroller.current, {
        onMove: (x, y) => {
          const place = placeAt(x, y);
          if (place === null) return;
          if (isStretch) {
            const end = momentOf(entry.firstDay, snap(since(place)), zone);
            at = { ...at, end: Math.max(end, entry.start + STEP * MINUTE) };
          } else {
            at = movedBy(entry, 0, snap(since(place) - grip) - begin, zone);
          }
          latest.current.moves.hold(at);
        },
        onEnd: (isDragged) => isDragged && latest.current.moves.drop(entry, at, isStretch),
        onCancel: () => latest.current.moves.letGo(entry.key),
      });
    },
    [placeAt, scroller, zone],
  );

  const tapEmpty = useCallback(
    (x: number, y: number): void => {
      const place = placeAt(x, y);
      if (place === null) return;
      const from = Math.min(Math.floor(place.minutes / TAP_STEP) * TAP_STEP, DAY_MINUTES - USUAL);
      latest.current.onDraw({ day: place.column.day, from, to: from + USUAL, isWholeDays: false, person: place.column.person, isOpen: true });
    },
    [placeAt],
  );

  const takeEmpty = useCallback(
    (event: PointerEvent<HTMLElement>): void => {
      if (event.button !== 0 || event.pointerType === 'touch') return;
      const first = placeAt(event.clientX, event.clientY);
      if (first === null) return;
      const { day, person } = first.column;
      const begin = snap(first.minutes);
      let draft: Draft | null = null;
      // A drawn line must not select text.
      event.preventDefault();
      followPress(event.nativeEvent, scroller.current, {
        onMove: (x, y) => {
          const place = placeAt(x, y);
          if (place === null) return;
          const end = snap(place.minutes);
          const [from, to] = [Math.min(begin, end), Math.max(begin, end)];
          draft = { day, from, to: Math.max(to, from + STEP), isWholeDays: false, person, isOpen: false };
          latest.current.onDraw(draft);
        },
        onEnd: (isDragged) => {
          if (!isDragged) tapEmpty(event.clientX, event.clientY);
          else if (draft !== null) latest.current.onDraw({ ...draft, isOpen: true });
        },
        onCancel: () => latest.current.onDraw(null),
      });
    },
    [placeAt, scroller, tapEmpty],
  );
  return { takeEntry, takeEmpty, tapEmpty };
}
