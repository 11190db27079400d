import { describe, expect, it } from 'vitest';
import type { BoardPage } from '@/api/boards';
import type { Field, RecordItem } from '@/api/types';
import { arrange, nextCard, nextColumn, placeOfCard } from './arrange';

const FIELD = { name: 'stage', settings: { options: [{ key: 'new', labels: {} }, { key: 'won', labels: {} }] } } as unknown as Field;

function card(id: number, stage: string | null, more: Record<string, unknown> = {}): RecordItem {
  return { id, title: `№ ${id}`, values: { stage, ...more } } as unknown as RecordItem;
}

function page(option: string | null, items: RecordItem[], more: Partial<BoardPage> = {}): BoardPage {
  return { option, count: { count: items.length, is_capped: false }, sums: null, items, next_cursor: null, is_capped: false, ...more };
}

const PAGES = [page(null, []), page('new', [card(1, 'new'), card(2, 'new')]), page('won', [card(3, 'won')])];

function idsOf(columns: ReturnType<typeof arrange>): number[][] {
  return columns.map(({ items }) => items.map(({ id }) => id));
}

describe('the columns of a board', () => {
  it('hold the cards where they were read', () => {
    expect(idsOf(arrange(PAGES, FIELD))).toEqual([[], [1, 2], [3]]);
  });

  it('follow what has become of a card since', () => {
    const pages = [page(null, []), page('new', [card(1, 'won'), card(2, 'new')]), page('won', [card(3, 'won')])];
    const columns = arrange(pages, FIELD);
    expect(idsOf(columns)).toEqual([[], [2], [1, 3]]);
    expect(columns.map(({ count }) => count.count)).toEqual([0, 1, 2]);
  });

  it('show a held card where it is held', () => {
    expect(idsOf(arrange(PAGES, FIELD, { held: [{ id: 2, to: null }] }))).toEqual([[2], [1], [3]]);
  });

  it('lose a card that goes where no column is', () => {
    expect(idsOf(arrange([page('new', [card(1, 'elsewhere')])], FIELD))).toEqual([[]]);
  });

  it('have a card once, though it was read twice', () => {
    const pages = [page('new', [card(1, 'won')]), page('won', [card(1, 'won')])];
    expect(idsOf(arrange(pages, FIELD))).toEqual([[], [1]]);
  });

  it('move sums with their cards, and leave unknown ones unknown', () => {
    const money = { amount: 500, currency: 'UAH' };
    const pages = [
      page('new', [card(1, 'won', { budget: money })], { sums: [{ currency: 'UAH', amount: 500 }] }),
      page('won', [], { sums: [{ currency: 'EUR', amount: 10 }], count: { count: 10_000, is_capped: true } }),
    ];
    const [from, to] = arrange(pages, FIELD, { sum: 'budget' });
    expect(from?.sums).toEqual([]);
    expect(to?.sums).toEqual([{ currency: 'EUR', amount: 10 }, { currency: 'UAH', amount: 500 }]);
    expect(to?.count).toEqual({ count: 10_000, is_capped: true });
    expect(arrange(PAGES, FIELD, { sum: 'budget', held: [{ id: 1, to: 'won' }] })[1]?.sums).toBeNull();
  });
});

describe('the keyboard on a board', () => {
  const columns = arrange(PAGES, FIELD);
  const open = (): boolean => false;

  it('goes along a column and across columns, past empty and folded ones', () => {
    expect(placeOfCard(columns, 2)).toEqual({ column: 1, row: 1 });
    expect(nextCard(columns, 1, 'ArrowDown', open)).toBe(2);
    expect(nextCard(columns, 2, 'ArrowDown', open)).toBeNull();
    expect(nextCard(columns, 2, 'ArrowRight', open)).toBe(3);
    expect(nextCard(columns, 3, 'ArrowLeft', open)).toBe(1);
    expect(nextCard(columns, 1, 'ArrowLeft', open)).toBeNull();
    expect(nextCard(columns, 1, 'ArrowRight', (key) => key === 'won')).toBeNull();
    expect(nextCard(columns, 1, 'End', open)).toBe(2);
    expect(nextCard(columns, 1, 'x', open)).toBeNull();
  });

  it('carries a card only into columns that take it', () => {
    expect(nextColumn(columns, 'new', 1, () => true)).toBe('won');
    expect(nextColumn(columns, 'new', -1, () => true)).toBeNull();
    expect(nextColumn(columns, 'new', -1, (key) => key !== null)).toBeUndefined();
  });
});
