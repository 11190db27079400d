import { describe, expect, it } from 'vitest';
import { columnFilter, withPage, type BoardPage } from './boards';
import type { RecordItem } from './types';

const card = (id: number): RecordItem => ({ id }) as unknown as RecordItem;

describe('a column of a board', () => {
  it('is the list with one more condition', () => {
    expect(columnFilter({ field: 'warmth' }, 'hot')).toBe('warmth = hot');
    expect(columnFilter({ field: 'warmth' }, null)).toBe('warmth is empty');
    expect(columnFilter({ field: 'stage', within: { field: 'pipeline', option: 'sales' }, filter: 'id > 3 or id = 1' }, 'won')).toMatch(/^\(.*id > 3 or id = 1.*\) and .*stage = won/);
  });

  it('goes on with a page, a card that has moved in it standing once', () => {
    const column: BoardPage = { option: 'hot', count: { count: 3, is_capped: false }, sums: null, items: [card(1), card(2)], next_cursor: 'a', is_capped: false };
    const more = withPage(column, { items: [card(2), card(3)], next_cursor: null, is_capped: false });
    expect([more.items.map(({ id }) => id), more.next_cursor]).toEqual([[1, 2, 3], null]);
  });
});
