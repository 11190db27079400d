import { describe, expect, it } from 'vitest';
import type { Field } from '@/api/types';
import { findCursor, placeAt, withEdited } from './cell-place';

const columns = ['name', 'position', 'warmth'].map((name) => ({ field: { name } as Field }));
const before = [{ id: 7 }, { id: 8 }, { id: 9 }];
const after = [{ id: 9 }, { id: 7 }, { id: 8 }];

describe('the cursor', () => {
  it('stays with its record when the rows change their order', () => {
    const place = placeAt({ row: 2, column: 1 }, before, columns);
    expect(findCursor(place, before, columns)).toEqual({ row: 2, column: 1 });
    expect(findCursor(place, after, columns)).toEqual({ row: 0, column: 1 });
  });

  it('stays with its field when the columns change theirs', () => {
    const place = placeAt({ row: 0, column: 2 }, before, columns);
    expect(findCursor(place, before, [...columns].reverse())).toEqual({ row: 0, column: 0 });
  });

  it('keeps its row when the record has gone', () => {
    const place = placeAt({ row: 2, column: 0 }, before, columns);
    expect(findCursor(place, [{ id: 7 }, { id: 8 }], columns)).toEqual({ row: 1, column: 0 });
    expect(findCursor(place, [], columns)).toEqual({ row: 0, column: 0 });
  });

  it('starts at the first cell', () => {
    expect(findCursor({ id: null, field: null, row: 0 }, before, columns)).toEqual({ row: 0, column: 0 });
  });
});

describe('the rows to draw', () => {
  it('hold the edited record wherever it went', () => {
    const editing = [{ id: 9, field: 'position' }];
    expect(withEdited([0, 1], editing, before)).toEqual([0, 1, 2]);
    expect(withEdited([1, 2], editing, after)).toEqual([0, 1, 2]);
    expect(withEdited([0, 1], editing, after)).toEqual([0, 1]);
    expect(withEdited([0, 1], [{ id: 99, field: 'position' }], after)).toEqual([0, 1]);
  });
});
