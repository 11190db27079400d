import { describe, expect, it } from 'vitest';
import type { Field, ObjectType } from '@/api/types';
import { chosenOf, daysOf, groupsOf, lineFilter, readGroup, shownNumber, type Group } from './pivot-fields';

const field = (name: string, kind: string, settings: object = {}) => ({ name, kind, settings, is_filterable: true, is_retired: false, group: 'main' }) as unknown as Field;
const type = {
  fields: [
    field('title', 'text'),
    field('responsible', 'reference', { target: 'user' }),
    field('stage', 'choice', { meanings: ['open'], options: [] }),
    field('closed_on', 'date'),
    field('budget', 'money'),
    field('price', 'money', { is_price: true }),
  ],
} as unknown as ObjectType;
const key = { option: null, reference: null, period: null };

describe('pivot tables', () => {
  it('take lists apart by what makes groups', () => {
    expect(groupsOf(type)).toEqual(['responsible', 'stage', 'closed_on:month', 'closed_on:quarter', 'closed_on:year']);
    expect(readGroup(type, 'closed_on:month')?.grain).toBe('month');
    expect(readGroup(type, 'title')).toBeNull();
  });
  it('begin with who answers and where work stands', () => {
    expect(chosenOf(type, {})).toEqual({ rows: ['responsible'], columns: 'stage', value: undefined });
    expect(chosenOf(type, { rows: 'stage,closed_on:year', sum: 'budget' })).toEqual({ rows: ['stage', 'closed_on:year'], columns: undefined, value: 'budget' });
    expect(chosenOf(type, { by: 'none', sum: 'price' })).toEqual({ rows: ['responsible'], columns: undefined, value: undefined });
  });
  it.each([
    ['2026-02', '2026-02-01', '2026-02-28'],
    ['2026-Q4', '2026-10-01', '2026-12-31'],
    ['2026', '2026-01-01', '2026-12-31'],
  ])('know the days of %s', (period, from, to) => expect(daysOf(period)).toEqual({ from, to }));
  it('open the list of a cell', () => {
    const groups = ['responsible', 'stage', 'closed_on:month'].map((text) => readGroup(type, text)).filter((group): group is Group => group !== null);
    const keys = [{ ...key, reference: { id: 7, title: 'А', type: 'user' } }, { ...key, option: 'won' }, key];
    expect(lineFilter(undefined, groups, keys)).toBe('responsible = 7 and stage = won and closed_on is empty');
  });
  it('show what was asked for', () => {
    const figure = { count: 2, sum: 30, average: 15, is_partial: false };
    expect([shownNumber(figure, undefined, false), shownNumber(figure, 'budget', false), shownNumber(figure, 'budget', true), shownNumber(undefined, 'budget', true)]).toEqual([2, 30, 15, null]);
  });
});
