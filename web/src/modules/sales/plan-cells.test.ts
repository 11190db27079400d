import { describe, expect, it } from 'vitest';
import { percentOf, type SalesMonth, type SalesPlan } from '@/api/sales-plan';
import { figuresOf, goalOf, pasted, rowsToWrite, together, withGoals, wonFilter } from './plan-cells';

const month = (planned: number | null, won: number, goal: SalesMonth['goal'] = null): SalesMonth => ({
  goal,
  planned,
  won: { count: won === 0 ? 0 : 1, amount: won === 0 ? null : won },
  open: { count: 0, amount: null, weighted: null },
  unrated: [],
});
const plan: SalesPlan = {
  currency: 'UAH',
  months: ['2026-11', '2026-12'],
  has_facts: true,
  rows: [
    { of: { id: 7, title: 'А', type: 'user' }, people: [7], can_edit: true, months: [month(100, 62, { id: 3, version: 2, amount: { amount: 100, currency: 'UAH' }, deals: 4 }), month(null, 0)] },
    { of: { id: 9, title: 'Б', type: 'team' }, people: [7, 8], can_edit: true, months: [month(null, 5), month(null, 0)] },
  ],
};

describe('sales plans', () => {
  it('are done by percents', () => {
    expect(percentOf(999, 1_000)).toBe(99);
    expect(percentOf(5, 0)).toBeNull();
    const first = plan.rows[0]?.months ?? [];
    expect(figuresOf(first[0] ?? month(null, 0), 'amount')).toEqual({ planned: 100, done: 62, expected: null, percent: 62 });
    expect(figuresOf(first[0] ?? month(null, 0), 'deals')).toEqual({ planned: 4, done: 1, expected: 0, percent: 25 });
    expect(together(first, 'amount')).toEqual({ planned: 100, done: 62, expected: null, percent: 62 });
  });
  it('take goals that are goals', () => {
    expect(goalOf(12.5, 'amount', 'UAH')).toBe(1_250);
    expect(goalOf(12.5, 'deals', 'UAH')).toBeUndefined();
    expect(goalOf(-1, 'amount', 'UAH')).toBeUndefined();
    expect(goalOf(null, 'amount', 'UAH')).toBeNull();
  });
  it('are written as changes of what is there and as new goals', () => {
    const changes = [{ row: 0, column: 0, goal: 100 }, { row: 0, column: 1, goal: 200 }, { row: 1, column: 0, goal: null }, { row: 1, column: 1, goal: 5 }, { row: 5, column: 0, goal: 1 }];
    expect(rowsToWrite(plan, changes, 'amount')).toEqual([
      { id: -2, version: 0, values: { person: 7, month: '2026-12-01', amount: { amount: 200, currency: 'UAH' } }, texts: {} },
      { id: -4, version: 0, values: { team: 9, month: '2026-12-01', amount: { amount: 5, currency: 'UAH' } }, texts: {} },
    ]);
    expect(rowsToWrite(plan, [{ row: 0, column: 0, goal: null }], 'deals')).toEqual([{ id: 3, version: 2, values: { deals: null }, texts: {} }]);
    expect(withGoals(plan, changes, 'amount').rows[1]?.months[1]?.planned).toBe(5);
  });
  it('open the deals of a fact', () => {
    expect(wonFilter([7], '2026-02')).toBe('stage.meaning = won and closed_on >= 2026-02-01 and closed_on <= 2026-02-28 and responsible = 7');
    expect(wonFilter([7, 8], '2026-11')).toContain('responsible in (7, 8)');
  });
  it('are pasted from the active cell on', () => {
    expect(pasted([['1', '2'], ['3']], { row: 1, column: 1 }, { row: 1, column: 1 })).toEqual([
      { row: 1, column: 1, text: '1' },
      { row: 1, column: 2, text: '2' },
      { row: 2, column: 1, text: '3' },
    ]);
    expect(pasted([['5']], { row: 0, column: 1 }, { row: 1, column: 0 })).toHaveLength(4);
  });
});
