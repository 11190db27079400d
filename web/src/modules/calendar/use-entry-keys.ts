import { useCallback, type KeyboardEvent } from 'react';
import { mayMove, mayStretch, movedBy, type Entry } from './entries';
import { MINUTE, STEP } from '@/util/times';
import type { Moves } from './use-moves';

const STEPS: Readonly<Record<string, readonly [days: number, minutes: number]>> = {
  ArrowLeft: [-1, 0],
  ArrowRight: [1, 0],
  ArrowUp: [0, -STEP],
  ArrowDown: [0, STEP],
};

/** The next entry of the page in its order. */
function walk(from: HTMLElement, by: 1 | -1): void {
  const all = [...document.querySelectorAll<HTMLElement>('[data-entry]')];
  all[all.indexOf(from) + by]?.focus();
}

/** Keys on an entry: arrows go to the next, with Shift they move it, with Ctrl or ⌘ besides they move its end. */
export function useEntryKeys(moves: Moves, zone: string | undefined): (event: KeyboardEvent, entry: Entry) => void {
  return useCallback(
    (event: KeyboardEvent, entry: Entry): void => {
      const step = STEPS[event.key];
      if (step === undefined || event.altKey) return;
      const [days, minutes] = step;
      if (!event.shiftKey) {
        // Left and right turn the page.
        if (minutes === 0 || event.ctrlKey || event.metaKey) return;
        event.preventDefault();
        walk(event.currentTarget as HTMLElement, minutes > 0 ? 1 : -1);
        return;
      }
      event.preventDefault();
      event.stopPropagation();
      const isStretch = event.ctrlKey || event.metaKey;
      if (isStretch ? minutes === 0 || entry.isAcross || !mayStretch(entry) : !mayMove(entry)) return;
      if (isStretch) {
        const end = Math.max(entry.end + minutes * MINUTE, entry.start + STEP * MINUTE);
        moves.nudge(entry, { key: entry.key, start: entry.start, end }, true);
      } else if (days !== 0 || !entry.isAcross) {
        moves.nudge(entry, movedBy(entry, days, minutes, zone), false);
      }
      // It may stand in another column now, and keeps the focus there.
      window.requestAnimationFrame(() => document.querySelector<HTMLElement>(`[data-entry="${entry.key}"]`)?.focus());
    },
    [moves, zone],
  );
}
