/** Which name the pointer rests on, or was asked about by key. One listener for the page: names are many and only carry a mark. */
import { useCallback, useEffect, useRef, useState } from 'react';
import { readRecordMark, type RecordMark } from '@/fields/record-mark';

/** The pointer has to rest: passing over a list shows nothing. */
const OPEN_MS = 400;
/** Time to get from the name to the pop-up. */
const CLOSE_MS = 250;

export interface HoverTarget extends RecordMark {
  element: HTMLElement;
  /** Asked for by key: the focus goes in, and comes back to where it was. */
  isByKey: boolean;
  focusBefore: Element | null;
}

function targetAt(node: EventTarget | null, isKnown: (type: string) => boolean, isByKey: boolean): HoverTarget | null {
  const element = node instanceof Element ? node.closest<HTMLElement>('[data-record]') : null;
  const mark = readRecordMark(element?.dataset.record);
  return element === null || mark === null || !isKnown(mark.type) ? null : { ...mark, element, isByKey, focusBefore: document.activeElement };
}

export interface HoverState {
  target: HoverTarget | null;
  close: () => void;
  /** The pointer is in the pop-up: it stays. */
  hold: () => void;
  letGo: () => void;
}

export function useHoverTarget(isKnown: (type: string) => boolean): HoverState {
  const [target, setTarget] = useState<HoverTarget | null>(null);
  const shown = useRef<HoverTarget | null>(null);
  const known = useRef(isKnown);
  const timer = useRef(0);
  const resting = useRef<HTMLElement | null>(null);
  // Where the pointer really was last: a page that changes under a pointer at rest makes it enter names as well.
  const pointer = useRef<{ x: number; y: number } | null>(null);
  useEffect(() => {
    shown.current = target;
    known.current = isKnown;
  });

  const close = useCallback(() => {
    window.clearTimeout(timer.current);
    setTarget(null);
  }, []);
  const hold = useCallback(() => window.clearTimeout(timer.current), []);
  const letGo = useCallback(() => {
    window.clearTimeout(timer.current);
    if (shown.current?.isByKey !== true) timer.current = window.setTimeout(close, CLOSE_MS);
  }, [close]);

  useEffect(() => {
    const isMoved = ({ clientX: x, clientY: y }: PointerEvent): boolean => pointer.current?.x !== x || pointer.current.y !== y;

    function rest(next: HoverTarget): void {
      hold();
      resting.current = next.element;
      timer.current = window.setTimeout(() => setTarget(next), OPEN_MS);
    }

    function onMove(event: PointerEvent): void {
      if (!isMoved(event)) return;
      pointer.current = { x: event.clientX, y: event.clientY };
      if (event.pointerType !== 'mouse' || event.buttons !== 0 || shown.current?.isByKey === true) return;
      // A name that came under the pointer by itself is looked at with the next move.
      const next = targetAt(event.target, known.current, false);
      if (next !== null && next.element !== resting.current && next.element !== shown.current?.element) rest(next);
    }

    function onOver(event: PointerEvent): void {
      if (event.pointerType !== 'mouse' || event.buttons !== 0 || shown.current?.isByKey === true) return;
      if (event.target instanceof Element && event.target.closest('[data-hover-card]') !== null) return;
      const next = targetAt(event.target, known.current, false);
      if (next === null || !next.element.matches(':hover')) {
        resting.current = null;
        if (shown.current === null) hold();
        else letGo();
      } else if (next.element === shown.current?.element) {
        hold();
      } else if (next.element !== resting.current && pointer.current !== null && isMoved(event)) {
        rest(next);
      }
    }

    function onKey(event: KeyboardEvent): void {
      if (event.key === 'Escape' && shown.current !== null) {
        // The panel or the dialog below stays open: the key was for the pop-up.
        event.preventDefault();
        event.stopPropagation();
        const { isByKey, focusBefore } = shown.current;
        if (isByKey && focusBefore instanceof HTMLElement) focusBefore.focus();
        close();
      } else if (event.altKey && event.key === 'ArrowDown') {
        const next = targetAt(document.activeElement, known.current, true) ?? activeRow(known.current);
        if (next === null) return;
        event.preventDefault();
        event.stopPropagation();
        setTarget(next);
      }
    }

    function onPress(event: PointerEvent): void {
      if (event.target instanceof Element && event.target.closest('[data-hover-card]') !== null) return;
      close();
    }

    function onScroll(event: Event): void {
      if (shown.current?.isByKey === true) return;
      if (event.target instanceof Element && event.target.closest('[data-hover-card]') !== null) return;
      close();
    }

    document.addEventListener('pointermove', onMove);
    document.addEventListener('pointerover', onOver);
    document.addEventListener('pointerdown', onPress, true);
    document.addEventListener('scroll', onScroll, true);
    window.addEventListener('keydown', onKey, true);
    return () => {
      window.clearTimeout(timer.current);
      document.removeEventListener('pointermove', onMove);
      document.removeEventListener('pointerover', onOver);
      document.removeEventListener('pointerdown', onPress, true);
      document.removeEventListener('scroll', onScroll, true);
      window.removeEventListener('keydown', onKey, true);
    };
  }, [close, hold, letGo]);

  return { target, close, hold, letGo };
}

/** In a list the focus is on the list as a whole, which names the row its cursor is on. */
function activeRow(isKnown: (type: string) => boolean): HoverTarget | null {
  const row = document.getElementById(document.activeElement?.getAttribute('aria-activedescendant') ?? '');
  return targetAt(row?.querySelector('[data-record]') ?? null, isKnown, true);
}
