import { describe, expect, it } from 'vitest';
import type { RecordFigure } from '@/api/figures';
import type { ObjectType } from '@/api/types';
import { average, bounds, counterFilter, countedOf, figureRows, isUpsideDown, readPeriod, writePeriod } from './figures';

const field = (name: string, kind: string, settings: object = {}, more: object = {}) => ({ name, kind, settings, is_filterable: true, is_retired: false, ...more });
const deal = {
  fields: [
    field('budget', 'money', { weighted_by: 'probability', dated_by: 'closed_on' }),
    field('stage', 'choice', { meanings: ['open', 'won', 'lost'] }),
    field('responsible', 'reference', { target: 'user' }),
    field('expected_close', 'date', {}, { overdue_if: 'stage.meaning = open' }),
    field('closed_on', 'date'),
  ],
} as unknown as ObjectType;

describe('deals in figures', () => {
  it('are of types whose amounts have chances', () => {
    expect(countedOf(deal)?.closed).toBe('closed_on');
    expect(countedOf({ fields: deal.fields.slice(1) } as unknown as ObjectType)).toBeNull();
  });
  it.each([
    ['month', '2026-02-10', { from: '2026-02-01', to: '2026-02-28' }],
    ['quarter', '2026-11-23', { from: '2026-10-01', to: '2026-12-31' }],
    ['year', '2026-11-23', { from: '2026-01-01', to: '2026-12-31' }],
    ['last_month', '2026-01-31', { from: '2025-12-01', to: '2025-12-31' }],
    ['last_quarter', '2026-02-10', { from: '2025-10-01', to: '2025-12-31' }],
    ['last_quarter', '2026-11-23', { from: '2026-07-01', to: '2026-09-30' }],
    ['all', '2026-11-23', {}],
  ] as const)('have bounds: %s of %s', (period, today, expected) => expect(bounds(period, today)).toEqual(expected));
  it.each([
    ['last_month', 'last_month'],
    ['2026-01-01..2026-03-31', { from: '2026-01-01', to: '2026-03-31' }],
    ['..2026-03-31', { to: '2026-03-31' }],
    ['..', {}],
    ['2026-13-01..', {}],
    ['own', 'month'],
    [undefined, 'month'],
  ] as const)('are read from the address: %s', (text, expected) => expect(readPeriod(text)).toEqual(expected));
  it('have a period of one’s own', () => {
    expect(writePeriod({ from: '2026-01-01' })).toBe('2026-01-01..');
    expect(isUpsideDown({ from: '2026-02-01', to: '2026-01-01' })).toBe(true);
    expect(isUpsideDown({ from: '2026-02-01' })).toBe(false);
  });
  it('ask for what they count', () => {
    const counted = countedOf(deal);
    if (counted === null) throw new Error('no counters');
    const filter = (counter: Parameters<typeof counterFilter>[0]) => counterFilter(counter, counted, 'month', '2026-11-23');
    expect(filter('won')).toBe('stage.meaning = won and closed_on >= 2026-11-01 and closed_on <= 2026-11-30');
    expect(filter('created')).toBe('created_at >= 2026-11-01 and created_at <= 2026-11-30');
    expect(counterFilter('won', counted, { from: '2026-01-15' }, '2026-11-23')).toBe('stage.meaning = won and closed_on >= 2026-01-15');
    expect(counterFilter('created', counted, 'all', '2026-11-23')).toBeUndefined();
  });
  it('have a row for each person', () => {
    const figure = (id: number, title: string | null, amount: number | null, count: number) =>
      ({ reference: { id, title, type: 'user' }, count, total: { converted: amount === null ? null : { amount, count } } }) as unknown as RecordFigure;
    const rows = figureRows({ open: [figure(2, 'Б', 10, 1)], won: [figure(1, 'А', 100, 3), figure(2, 'Б', null, 1)] });
    expect(rows.map(({ title, of }) => [title, of.open?.count, of.won?.count])).toEqual([['А', undefined, 3], ['Б', 1, 1]]);
    expect(rows.map(({ of }) => average(of.won))).toEqual([33, null]);
  });
});
