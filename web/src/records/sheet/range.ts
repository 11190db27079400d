/** The chosen cells of a sheet: a rectangle between where it was begun and where it has come to. */
import type { Cursor } from '../list/use-grid-keys';

export interface CellRange {
  from: Cursor;
  to: Cursor;
}

/** First and last row and column, all included. */
export interface Bounds {
  top: number;
  bottom: number;
  left: number;
  right: number;
}

export function boundsOf({ from, to }: CellRange): Bounds {
  return {
    top: Math.min(from.row, to.row),
    bottom: Math.max(from.row, to.row),
    left: Math.min(from.column, to.column),
    right: Math.max(from.column, to.column),
  };
}

export function isWithin({ top, bottom, left, right }: Bounds, row: number, column: number): boolean {
  return row >= top && row <= bottom && column >= left && column <= right;
}

export interface SheetSize {
  rows: number;
  columns: number;
  /** Rows that Page Up and Page Down move by. */
  page: number;
}

/** Where a key takes the cell; null for keys that do not move it. With Ctrl it goes to the edge. */
export function moveCell(key: string, isMod: boolean, { row, column }: Cursor, size: SheetSize): Cursor | null {
  const at = (nextRow: number, nextColumn: number): Cursor => ({
    row: Math.max(0, Math.min(size.rows - 1, nextRow)),
    column: Math.max(0, Math.min(size.columns - 1, nextColumn)),
  });
  const far = Number.MAX_SAFE_INTEGER;
  switch (key) {
    case 'ArrowDown':
      return at(isMod ? far : row + 1, column);
    case 'ArrowUp':
      return at(isMod ? 0 : row - 1, column);
    case 'ArrowRight':
      return at(row, isMod ? far : column + 1);
    case 'ArrowLeft':
      return at(row, isMod ? 0 : column - 1);
    case 'PageDown':
      return at(row + size.page, column);
    case 'PageUp':
      return at(row - size.page, column);
    case 'Home':
      return at(isMod ? 0 : row, 0);
    case 'End':
      return at(isMod ? far : row, far);
    default:
      return null;
  }
}

/** The next cell for Tab: at the end of a row it goes on in the next one. Null at the end of the sheet, where the focus moves on. */
export function nextCell({ row, column }: Cursor, isBack: boolean, size: SheetSize): Cursor | null {
  const index = row * size.columns + column + (isBack ? -1 : 1);
  if (index < 0 || index >= size.rows * size.columns) return null;
  return { row: Math.floor(index / size.columns), column: index % size.columns };
}
