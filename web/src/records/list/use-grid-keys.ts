import type { KeyboardEvent } from 'react';
import type { RecordItem } from '@/api/types';
import { isShortcut, isTyping } from '@/ui/use-shortcuts';
import type { Selection } from './use-selection';

export interface Cursor {
  row: number;
  column: number;
}

export interface GridKeysOptions {
  cursor: Cursor;
  records: readonly RecordItem[];
  columnCount: number;
  /** Rows that Page Up and Page Down move by. */
  pageRows: number;
  selection: Selection;
  openId: number | undefined;
  /** Where a key moves the cursor, if not as in a table of rows. */
  moveBy?: (key: string, cursor: Cursor) => Cursor | null;
  onMove: (cursor: Cursor) => void;
  onOpenPanel: (record: RecordItem) => void;
  onOpenPage: (record: RecordItem) => void;
  onClosePanel: () => void;
  onEdit: (cursor: Cursor) => void;
  /** The menu of the row is asked for. */
  onMenu?: (cursor: Cursor) => void;
  onStartSearch: () => void;
}

/** Where a key moves the cursor; null for keys that do not move it. */
export function moveCursor(key: string, cursor: Cursor, bounds: { rows: number; columns: number; page: number }): Cursor | null {
  const { row, column } = cursor;
  const toRow = (next: number): Cursor => ({ row: Math.max(0, Math.min(bounds.rows - 1, next)), column });
  const toColumn = (next: number): Cursor => ({ row, column: Math.max(0, Math.min(bounds.columns - 1, next)) });
  switch (key) {
    case 'ArrowDown':
      return toRow(row + 1);
    case 'ArrowUp':
      return toRow(row - 1);
    case 'PageDown':
      return toRow(row + bounds.page);
    case 'PageUp':
      return toRow(row - bounds.page);
    case 'Home':
      return toRow(0);
    case 'End':
      return toRow(bounds.rows - 1);
    case 'ArrowRight':
      return toColumn(column + 1);
    case 'ArrowLeft':
      return toColumn(column - 1);
    default:
      return null;
  }
}

/** A letter on the table begins a search, unless it is a key of the page: a Latin letter without Shift may be one. */
export function startsSearch(key: string, hasModifier: boolean, isKeyOfPage: () => boolean): boolean {
  if (key.length !== 1 || hasModifier || !/[\p{L}\p{N}+]/u.test(key)) return false;
  return !(/[a-z]/.test(key) && isKeyOfPage());
}

/** The keyboard of the table. */
export function useGridKeys(options: GridKeysOptions): (event: KeyboardEvent) => void {
  return (event) => {
    if (isTyping(event.target) || event.nativeEvent.isComposing) return;
    const { cursor, records, selection } = options;
    const record = records[cursor.row];
    const isMod = event.metaKey || event.ctrlKey;
    // A press on a link or a tick box inside a row is meant for it, not for the row.
    const isOnGrid = event.target === event.currentTarget;

    const bounds = { rows: records.length, columns: options.columnCount, page: options.pageRows };
    const { moveBy = (key, from) => moveCursor(key, from, bounds) } = options;
    const moved = isMod || event.altKey ? null : moveBy(event.key, cursor);
    if (moved !== null) {
      event.preventDefault();
      const to = records[moved.row];
      if (to !== undefined && moved.row !== cursor.row) {
        if (event.shiftKey) selection.reach(to.id, record?.id);
        else selection.point(to.id);
      }
      options.onMove(moved);
      return;
    }
    if (isMod && event.code === 'KeyA') {
      event.preventDefault();
      selection.set(records.map((item) => item.id));
      return;
    }
    if (event.key === 'Escape') {
      if (options.openId !== undefined) options.onClosePanel();
      else selection.clear();
      return;
    }
    if (record === undefined || !isOnGrid) return;
    if (event.key === 'Enter') {
      event.preventDefault();
      if (isMod) options.onOpenPage(record);
      else options.onOpenPanel(record);
    } else if (event.key === ' ') {
      event.preventDefault();
      if (event.shiftKey) selection.toggle(record.id);
      else if (options.openId === record.id) options.onClosePanel();
      else options.onOpenPanel(record);
    } else if (event.key === 'F2') {
      event.preventDefault();
      options.onEdit(cursor);
    } else if (options.onMenu !== undefined && (event.key === 'ContextMenu' || (event.shiftKey && event.key === 'F10'))) {
      event.preventDefault();
      options.onMenu(cursor);
    } else if (startsSearch(event.key, isMod || event.altKey, () => isShortcut(event.nativeEvent))) {
      // The letter itself is not taken: it lands in the search field, which has the focus by then.
      event.stopPropagation();
      options.onStartSearch();
    }
  };
}
