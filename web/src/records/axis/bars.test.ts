import { describe, expect, it } from 'vitest';
import type { Field, ObjectType, RecordItem, Values } from '@/api/types';
import { axisOf, NONE, printSpan } from './axis-fields';
import { barOf, lanesOf, mayMove, mayStretch, moved, rowsOf, stretched } from './bars';
import { numberOf } from './scale';

const ZONE = 'Europe/Kyiv';
const NOW = new Date('2026-11-24T10:00:00Z');

function field(name: string, kind: string, more: Partial<Field> = {}): Field {
  return { name, kind, labels: { en: name }, group: 'main', settings: {}, access: 'write', is_read_only: false, is_retired: false, is_required: false, is_filterable: true, operators: [], ...more } as unknown as Field;
}

const TASK = {
  name: 'task',
  title_field: 'title',
  done_by: 'status',
  calendar: { begins: 'starts_at', ends: 'deadline', whole_days: 'is_all_day', people: ['responsible'], kind: 'category', place: null, reminder: null },
  fields: [
    field('title', 'text'),
    field('status', 'choice', { settings: { meanings: ['open', 'closed'], options: [{ key: 'new', labels: { en: 'New' }, meaning: 'open' }, { key: 'done', labels: { en: 'Done' }, meaning: 'closed' }] } } as Partial<Field>),
    field('category', 'choice', { settings: { options: [{ key: 'call', labels: { en: 'Call' }, color: 'blue' }] } } as Partial<Field>),
    field('deadline', 'date_time', { overdue_if: 'status.meaning = open' }),
    field('starts_at', 'date_time'),
    field('is_all_day', 'checkbox'),
    field('responsible', 'reference', { settings: { target: 'user' } } as Partial<Field>),
    field('created_at', 'date_time', { group: 'system', is_read_only: true }),
  ],
} as unknown as ObjectType;

const DEAL = {
  name: 'deal',
  title_field: 'title',
  fields: [
    field('title', 'text'),
    field('stage', 'choice', { settings: { meanings: ['open'], options: [{ key: 'b', labels: { en: 'B' }, color: 'green' }, { key: 'a', labels: { en: 'A' }, color: 'red' }] } } as Partial<Field>),
    field('expected_close', 'date', { overdue_if: 'stage.meaning = open' }),
    field('closed_on', 'date', { is_read_only: true }),
    field('responsible', 'reference', { settings: { target: 'user' } } as Partial<Field>),
    field('created_at', 'date_time', { group: 'system', is_read_only: true }),
  ],
} as unknown as ObjectType;

function record(values: Values, more: Partial<RecordItem> = {}): RecordItem {
  return { id: 1, title: 'One', values, can_edit: true, deleted_at: null, created_at: '2026-11-10T08:00:00Z', ...more } as RecordItem;
}

const TASKS = axisOf(TASK, {});
const DEALS = axisOf(DEAL, {});

describe('what a time axis is made of', () => {
  it('is what the type has, unless the address says otherwise', () => {
    expect(printSpan(TASKS)).toBe('week,starts_at,deadline');
    expect([TASKS.rows?.name, TASKS.color?.name, TASKS.wholeDays?.name]).toEqual(['responsible', 'category', 'is_all_day']);
    expect(printSpan(DEALS)).toBe('month,created_at,expected_close');
    expect(DEALS.color?.name).toBe('stage');
    expect(printSpan(axisOf(DEAL, { span: 'day,none,closed_on', by: 'stage' }))).toBe('day,none,closed_on');
    expect(axisOf(DEAL, { by: NONE }).rows).toBeUndefined();
    expect(printSpan(axisOf(DEAL, { span: 'nonsense,title,expected_close' }))).toBe('month,created_at,expected_close');
    expect(printSpan(axisOf(DEAL, { span: 'week,none,none' }))).toBe('week,none,expected_close');
    expect(printSpan(axisOf(TASK, { span: 'week,deadline,deadline' }))).toBe('week,none,deadline');
  });
});

describe('bars', () => {
  it('go from the beginning to the end by the wall clock', () => {
    const bar = barOf(TASK, TASKS, record({ starts_at: '2026-11-24T10:00:00Z', deadline: '2026-11-25T22:00:00Z', category: 'call', status: 'new' }), ZONE, NOW);
    // Midnight in Kyiv does not touch the day that begins there.
    expect(bar).toMatchObject({ from: numberOf('2026-11-24') + 0.5, to: numberOf('2026-11-26'), firstDay: '2026-11-24', lastDay: '2026-11-25', isPoint: false, color: 'blue', isDone: false, isLate: false });
    const whole = barOf(TASK, TASKS, record({ starts_at: '2026-11-24T10:00:00Z', deadline: '2026-11-24T12:00:00Z', is_all_day: true, status: 'done' }), ZONE, NOW);
    expect(whole).toMatchObject({ from: numberOf('2026-11-24'), to: numberOf('2026-11-25'), isDone: true });
  });

  it('are points with one time alone, or with an end before the beginning', () => {
    expect(barOf(TASK, TASKS, record({ deadline: '2026-11-23T10:00:00Z', status: 'new' }), ZONE, NOW)).toMatchObject({ isPoint: true, firstDay: '2026-11-23', isLate: true });
    expect(barOf(DEAL, DEALS, record({ expected_close: '2026-11-01', stage: 'a' }), ZONE, NOW)).toMatchObject({ isPoint: true, firstDay: '2026-11-01' });
    expect(barOf(DEAL, DEALS, record({ expected_close: '2026-11-30' }), ZONE, NOW)).toMatchObject({ isPoint: false, firstDay: '2026-11-10', lastDay: '2026-11-30', to: numberOf('2026-12-01') });
    expect(barOf(TASK, TASKS, record({}), ZONE, NOW)).toBeNull();
  });

  it('are moved by days of the wall clock, as far as they may be', () => {
    const task = record({ starts_at: '2026-10-24T06:00:00Z', deadline: '2026-10-24T15:00:00Z' });
    // The clocks go back on 25 October.
    expect(moved(TASKS, task, 2, ZONE)).toEqual({ starts_at: '2026-10-26T07:00:00.000Z', deadline: '2026-10-26T16:00:00.000Z' });
    expect(moved(TASKS, task, 0, ZONE)).toEqual({});
    expect(moved(TASKS, record({ deadline: '2026-11-24T15:00:00Z' }), -1, ZONE)).toEqual({ deadline: '2026-11-23T15:00:00.000Z' });
    expect(moved(DEALS, record({ expected_close: '2026-11-30' }), 3, ZONE)).toEqual({ expected_close: '2026-12-03' });
    expect(mayMove(DEALS, record({ expected_close: '2026-11-30' }))).toBe(true);
    expect(mayMove(DEALS, record({ expected_close: '2026-11-30' }, { can_edit: false }))).toBe(false);
    expect([mayStretch(DEALS, record({ expected_close: '2026-11-30' }), 'begin'), mayStretch(DEALS, record({ expected_close: '2026-11-30' }), 'end')]).toEqual([false, true]);
  });

  it('are drawn at a side, never beyond the other one', () => {
    const task = record({ starts_at: '2026-11-20T10:00:00Z', deadline: '2026-11-24T08:00:00Z' });
    expect(stretched(TASKS, task, 'end', 2, ZONE)).toEqual({ deadline: '2026-11-26T08:00:00.000Z' });
    expect(stretched(TASKS, task, 'begin', -1, ZONE)).toEqual({ starts_at: '2026-11-19T10:00:00.000Z' });
    expect(stretched(TASKS, task, 'end', -9, ZONE)).toEqual({ deadline: '2026-11-21T08:00:00.000Z' });
    expect(stretched(TASKS, task, 'begin', 900, ZONE)).toEqual({ starts_at: '2026-11-23T10:00:00.000Z' });
    expect(stretched(DEALS, record({ expected_close: '2026-11-30' }), 'end', -90, ZONE)).toEqual({ expected_close: '2026-11-10' });
    // What has an end alone is given a beginning.
    expect(stretched(TASKS, record({ deadline: '2026-11-24T08:00:00Z' }), 'begin', -3, ZONE)).toEqual({ starts_at: '2026-11-21T08:00:00.000Z' });
    expect(stretched(TASKS, record({}), 'end', 3, ZONE)).toEqual({});
  });

  it('stand in rows, and one above another where they or their names would meet', () => {
    const user = (id: number, title: string) => ({ id, title, type: 'user' });
    const bars = [
      { starts_at: '2026-11-20T10:00:00Z', deadline: '2026-11-24T08:00:00Z', responsible: user(3, 'Bob') },
      { starts_at: '2026-11-22T10:00:00Z', deadline: '2026-11-28T08:00:00Z', responsible: user(3, 'Bob') },
      { deadline: '2026-11-28T08:00:00Z', responsible: null },
      { deadline: '2026-11-28T08:00:00Z', responsible: user(2, 'Ann') },
      { starts_at: '2026-11-29T10:00:00Z', deadline: '2026-12-08T08:00:00Z', responsible: user(3, 'Bob') },
    ].flatMap((values, at) => barOf(TASK, TASKS, record(values as unknown as Values, { id: at + 1 }), ZONE, NOW) ?? []);
    const rows = rowsOf(TASKS.rows, bars, (labels) => labels?.en ?? '');
    expect(rows.map(({ title, userId, bars: own }) => [title, userId, own.length])).toEqual([['Ann', 2, 1], ['Bob', 3, 3], [null, null, 1]]);
    const { placed, lanes } = lanesOf(rows[1]?.bars ?? [], (days) => (days - numberOf('2026-11-01')) * 40);
    expect([lanes, ...placed.map(({ lane }) => lane)]).toEqual([2, 0, 1, 0]);
    expect(rowsOf(undefined, bars, () => '')).toHaveLength(1);
    const deals = ['a', 'b', ''].flatMap((stage, at) => barOf(DEAL, DEALS, record({ expected_close: '2026-11-30', stage: stage || null }, { id: at }), ZONE, NOW) ?? []);
    expect(rowsOf(DEAL.fields.find(({ name }) => name === 'stage'), deals, (labels) => labels?.en ?? '').map(({ title }) => title)).toEqual(['B', 'A', null]);
  });
});
