import { expect, it } from 'vitest';
import { moveAmongTiles, offsetKeeping, tilesPerRow } from './tile-grid';

it('as many tiles stand beside each other as fit, and one always does', () => {
  expect([0, 200, 260, 531, 532, 1188].map(tilesPerRow)).toEqual([1, 1, 1, 1, 2, 4]);
});

it.each([
  ['ArrowRight', 2, 3],
  ['ArrowRight', 9, 9],
  ['ArrowLeft', 4, 3],
  ['ArrowLeft', 0, 0],
  ['ArrowDown', 1, 5],
  ['ArrowDown', 6, 9],
  ['ArrowDown', 8, 8],
  ['ArrowUp', 6, 2],
  ['ArrowUp', 3, 3],
  ['PageDown', 1, 9],
  ['PageUp', 9, 1],
  ['Home', 7, 0],
  ['End', 1, 9],
])('%s leads from tile %i to tile %i of ten, four in a row', (key, from, to) => {
  expect(moveAmongTiles(key, { row: from, column: 0 }, { tiles: 10, perRow: 4, pageRows: 2 })).toEqual({ row: to, column: 0 });
});

it('other keys move nothing', () => {
  expect(moveAmongTiles('Enter', { row: 0, column: 0 }, { tiles: 10, perRow: 4, pageRows: 2 })).toBeNull();
});

it('the tile one looked at stays at its height when fewer fit into a row', () => {
  const wide = { height: 700, rowHeight: 200, before: 4, after: 2 };
  expect(offsetKeeping(5, { ...wide, offset: 0 })).toBe(200);
  expect(offsetKeeping(41, { ...wide, offset: 1900 })).toBe(3900);
  expect(offsetKeeping(41, { ...wide, offset: 3900, before: 2, after: 4 })).toBe(1900);
  // Out of sight, the first row in sight is what one looks at.
  expect(offsetKeeping(0, { ...wide, offset: 2000 })).toBe(4000);
});
