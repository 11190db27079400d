import { describe, expect, it } from 'vitest';
import { boundsOf, isWithin, moveCell, nextCell } from './range';

const SIZE = { rows: 10, columns: 4, page: 5 };

describe('a range of cells', () => {
  it('is the same drawn from any corner', () => {
    const bounds = { top: 1, bottom: 3, left: 0, right: 2 };
    expect(boundsOf({ from: { row: 3, column: 0 }, to: { row: 1, column: 2 } })).toEqual(bounds);
    expect(isWithin(bounds, 1, 2)).toBe(true);
    expect(isWithin(bounds, 0, 2)).toBe(false);
    expect(isWithin(bounds, 2, 3)).toBe(false);
  });
});

describe('a key', () => {
  const middle = { row: 4, column: 1 };
  it.each([
    ['ArrowDown', false, { row: 5, column: 1 }],
    ['ArrowDown', true, { row: 9, column: 1 }],
    ['ArrowUp', true, { row: 0, column: 1 }],
    ['ArrowRight', true, { row: 4, column: 3 }],
    ['PageDown', false, { row: 9, column: 1 }],
    ['PageUp', false, { row: 0, column: 1 }],
    ['Home', false, { row: 4, column: 0 }],
    ['Home', true, { row: 0, column: 0 }],
    ['End', false, { row: 4, column: 3 }],
    ['End', true, { row: 9, column: 3 }],
    ['a', false, null],
  ])('%s (with Ctrl: %s) moves', (key, isMod, to) => {
    expect(moveCell(key, isMod, middle, SIZE)).toEqual(to);
  });

  it('Tab goes through the rows and out at the ends', () => {
    expect(nextCell({ row: 0, column: 3 }, false, SIZE)).toEqual({ row: 1, column: 0 });
    expect(nextCell({ row: 1, column: 0 }, true, SIZE)).toEqual({ row: 0, column: 3 });
    expect(nextCell({ row: 9, column: 3 }, false, SIZE)).toBeNull();
    expect(nextCell({ row: 0, column: 0 }, true, SIZE)).toBeNull();
  });
});
