/** Where the menu of a row is asked for: by the right button of the mouse, by key, or by the button of the row. */
import type { MouseEvent } from 'react';

export interface RowMenuPlace {
  /** The record. */
  id: number;
  /** What the menu belongs to on the page. */
  anchor: HTMLElement;
  /** Where the pointer is, in pixels of the window; null if a key or the button of the row asked. */
  point: { x: number; y: number } | null;
}

/** The record whose row this is; rows carry it in their id. */
export function readRowId(id: string): number | null {
  const match = /^row-([1-9]\d*)$/.exec(id);
  return match === null ? null : Number(match[1]);
}

/** The row below the pointer; null where the menu of the browser serves better: text to copy, a field to paste into, a finger. */
export function placeUnderPointer(event: MouseEvent): RowMenuPlace | null {
  const { target, nativeEvent } = event;
  if (!(target instanceof Element) || target.closest('input:not([type=checkbox]), textarea, select, [contenteditable]') !== null) return null;
  if ('pointerType' in nativeEvent && nativeEvent.pointerType === 'touch') return null;
  if (window.getSelection()?.type === 'Range') return null;
  const anchor = target.closest<HTMLElement>('[id^=row-]');
  const id = readRowId(anchor?.id ?? '');
  return anchor === null || id === null ? null : { id, anchor, point: { x: event.clientX, y: event.clientY } };
}

/** Below the title of a row, for the keyboard; null while the row is out of sight. */
export function placeAtTitle(id: number): RowMenuPlace | null {
  const row = document.getElementById(`row-${id}`);
  return row === null ? null : { id, anchor: row.querySelector<HTMLElement>('[data-record]') ?? row, point: null };
}
