/** What the first look at a list does without. It is fetched as soon as somebody moves, so that nobody waits for it. */
import { lazyPart } from '@/ui/lazy-part';
import { ValueEditor } from '../filter-bar/ConditionEditor';

export const CellEditor = lazyPart(() => import('./CellEditor'), 'CellEditor');
export const RecordPanel = lazyPart(() => import('../card/RecordPanel'), 'RecordPanel');
export const RowMenu = lazyPart(() => import('./RowMenu'), 'RowMenu');

const SIGNS_OF_LIFE = ['pointermove', 'pointerdown', 'keydown'] as const;

/** Fetches the parts at the first sign of somebody at work; returns what gives that up. */
export function preloadAtFirstMove(): () => void {
  const stop = new AbortController();
  const preload = (): void => {
    stop.abort();
    for (const part of [ValueEditor, CellEditor, RecordPanel, RowMenu]) part.preload();
  };
  for (const sign of SIGNS_OF_LIFE) window.addEventListener(sign, preload, { signal: stop.signal, passive: true });
  return () => stop.abort();
}
