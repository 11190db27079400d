import { useCallback, useLayoutEffect, useRef, type RefObject } from 'react';

const GLIDE_MS = 150;

export interface Glide {
  /** The card will stand somewhere else at the next drawing, and is to be seen going there. */
  remember: (id: number) => void;
}

/** Shows where a card went that was not under the pointer: moved by a key, or taken back. */
export function useGlide(box: RefObject<HTMLElement | null>): Glide {
  const left = useRef(new Map<number, DOMRect>());
  const cardOf = useCallback((id: number) => box.current?.querySelector<HTMLElement>(`#row-${id}`) ?? null, [box]);
  useLayoutEffect(() => {
    for (const [id, before] of left.current) {
      const card = cardOf(id);
      if (card === null) continue;
      const after = card.getBoundingClientRect();
      if (Math.abs(before.x - after.x) < 1) continue;
      left.current.delete(id);
      if (window.matchMedia('(prefers-reduced-motion: reduce)').matches) continue;
      card.animate([{ transform: `translate(${before.x - after.x}px, ${before.y - after.y}px)` }, { transform: 'none' }], { duration: GLIDE_MS, easing: 'ease-out' });
    }
  });
  const remember = useCallback(
    (id: number) => {
      const card = cardOf(id);
      if (card !== null) left.current.set(id, card.getBoundingClientRect());
    },
    [cardOf],
  );
  return { remember };
}
