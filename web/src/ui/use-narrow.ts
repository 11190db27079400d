import { useSyncExternalStore } from 'react';

/** The same width at which the style sheets change: a phone. */
const NARROW = '(max-width: 720px)';

function subscribe(listener: () => void): () => void {
  const query = window.matchMedia(NARROW);
  query.addEventListener('change', listener);
  return () => query.removeEventListener('change', listener);
}

export function isNarrow(): boolean {
  return window.matchMedia(NARROW).matches;
}

/** Whether the page is as narrow as a phone. */
export function useNarrow(): boolean {
  return useSyncExternalStore(subscribe, isNarrow);
}
