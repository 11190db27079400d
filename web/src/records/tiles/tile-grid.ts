/** Where tiles stand and how the cursor moves among them: a list, broken into rows. */
import type { Cursor } from '../list/use-grid-keys';

/** Pixels; narrower, a phone number with its sign is cut. */
export const MIN_TILE_WIDTH = 260;
export const TILE_GAP = 12;

/** As many tiles as fit beside each other, at least one. */
export function tilesPerRow(width: number): number {
  return Math.max(1, Math.floor((width + TILE_GAP) / (MIN_TILE_WIDTH + TILE_GAP)));
}

/** Where a key moves the cursor; null for keys that do not move it. The row of the cursor is the number of the tile. */
export function moveAmongTiles(key: string, cursor: Cursor, bounds: { tiles: number; perRow: number; pageRows: number }): Cursor | null {
  const { tiles, perRow, pageRows } = bounds;
  const last = tiles - 1;
  const to = (tile: number): Cursor => ({ row: Math.max(0, Math.min(last, tile)), column: 0 });
  const { row: tile } = cursor;
  switch (key) {
    case 'ArrowRight':
      return to(tile + 1);
    case 'ArrowLeft':
      return to(tile - 1);
    case 'ArrowDown':
      // Below the last full row stands the end of the list, if not right below.
      return to(isInLastRow(tile, bounds) ? tile : tile + perRow);
    case 'ArrowUp':
      return to(tile < perRow ? tile : tile - perRow);
    case 'PageDown':
      return to(tile + pageRows * perRow);
    case 'PageUp':
      return to(tile - pageRows * perRow);
    case 'Home':
      return to(0);
    case 'End':
      return to(last);
    default:
      return null;
  }
}

function isInLastRow(tile: number, { tiles, perRow }: { tiles: number; perRow: number }): boolean {
  return Math.floor(tile / perRow) === Math.floor((tiles - 1) / perRow);
}

export interface Arrangement {
  /** Pixels scrolled. */
  offset: number;
  /** Pixels in sight. */
  height: number;
  rowHeight: number;
  /** Tiles per row, and how many it was. */
  before: number;
  after: number;
}

/** How far to scroll so that a tile stays at its height on the screen when rows become longer or shorter; out of sight, the first that is in it. */
export function offsetKeeping(tile: number, { offset, height, rowHeight, before, after }: Arrangement): number {
  const top = Math.floor(tile / before) * rowHeight - offset;
  const isInSight = top > -rowHeight && top < height;
  const kept = isInSight ? tile : Math.floor(offset / rowHeight) * before;
  return Math.max(0, offset + (Math.floor(kept / after) - Math.floor(kept / before)) * rowHeight);
}
