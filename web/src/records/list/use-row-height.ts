import { useSyncExternalStore } from 'react';
import { isNarrow } from '@/ui/use-narrow';

function read(): number {
  const name = isNarrow() ? '--row-narrow' : '--row';
  return Number.parseInt(getComputedStyle(document.documentElement).getPropertyValue(name), 10) || 36;
}

function subscribe(listener: () => void): () => void {
  const observer = new MutationObserver(listener);
  observer.observe(document.documentElement, { attributes: true, attributeFilter: ['data-density'] });
  window.addEventListener('resize', listener);
  return () => {
    observer.disconnect();
    window.removeEventListener('resize', listener);
  };
}

/** The height of a row in pixels, as the density and the width of the page say. */
export function useRowHeight(): number {
  return useSyncExternalStore(subscribe, read);
}
