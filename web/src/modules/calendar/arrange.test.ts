import { describe, expect, it } from 'vitest';
import type { ObjectType, RecordItem } from '@/api/types';
import { barsOf, piecesOf } from './arrange';
import { entryOf, movedBy, valuesAt, type CalendarType, type Entry } from './entries';
import { readCalendarSearch } from './search';
import { closedHours } from './work';

const KYIV = 'Europe/Kyiv';
const kind: CalendarType = {
  type: { name: 'event', fields: [], icon: 'calendar' } as unknown as ObjectType,
  fields: { begins: 'starts_at', ends: 'ends_at', whole_days: 'is_all_day', people: ['responsible'], kind: null, place: null, reminder: null },
};

let id = 0;
function entry(starts_at: string | null, ends_at: string | null, more: Record<string, boolean> = {}): Entry {
  id += 1;
  const made = entryOf(kind, { id, title: 'x', values: { starts_at, ends_at, ...more } } as unknown as RecordItem, KYIV, 0);
  if (made === null) throw new Error('no time');
  return made;
}

describe('a day', () => {
  it('gives the width to those who meet, and what is free to who can use it', () => {
    const [long, first, second, alone] = [entry('2026-12-01T08:00:00Z', '2026-12-01T12:00:00Z'), entry('2026-12-01T08:00:00Z', '2026-12-01T09:00:00Z'), entry('2026-12-01T08:30:00Z', '2026-12-01T09:30:00Z'), entry('2026-12-01T13:00:00Z', '2026-12-01T14:00:00Z')];
    const places = piecesOf([alone, second, first, long], '2026-12-01', KYIV).map(({ entry: { key }, left, width }) => [key, Math.round(left * 3), Math.round(width * 3)]);
    expect(places).toEqual([
      [long.key, 0, 1],
      [first.key, 1, 1],
      [second.key, 2, 1],
      [alone.key, 0, 3],
    ]);
  });

  it('cuts what goes over midnight, and keeps what ends at midnight in its day', () => {
    const night = entry('2026-12-01T20:00:00Z', '2026-12-02T00:00:00Z');
    expect(piecesOf([night], '2026-12-01', KYIV)).toMatchObject([{ top: 1320, bottom: 1440, isBegin: true, isEnd: false }]);
    expect(piecesOf([night], '2026-12-02', KYIV)).toMatchObject([{ top: 0, bottom: 120, isBegin: false, isEnd: true }]);
    const evening = entry('2026-12-01T20:00:00Z', '2026-12-01T22:00:00Z');
    expect(piecesOf([evening], '2026-12-01', KYIV)).toMatchObject([{ top: 1320, bottom: 1440, isEnd: true }]);
    expect(piecesOf([evening], '2026-12-02', KYIV)).toEqual([]);
  });

  it('shows a moment as half an hour, and the hour that comes twice as long as it lasts', () => {
    expect(piecesOf([entry(null, '2026-12-01T08:00:00Z')], '2026-12-01', KYIV)).toMatchObject([{ top: 600, bottom: 630 }]);
    // Clocks go back at 01:00 UTC on 25 October 2026: 03:30 comes twice.
    const twice = entry('2026-10-25T00:30:00Z', '2026-10-25T01:30:00Z');
    expect(piecesOf([twice], '2026-10-25', KYIV)).toMatchObject([{ top: 210, bottom: 270 }]);
  });
});

describe('days in a row', () => {
  const days = ['2026-12-01', '2026-12-02', '2026-12-03'];
  it('puts bars into the highest lane that is free', () => {
    const whole = { is_all_day: true };
    const [long, short, last] = [entry('2026-11-29T22:00:00Z', '2026-12-02T21:59:00Z', whole), entry('2026-12-01T22:00:00Z', '2026-12-02T21:59:00Z', whole), entry('2026-12-02T22:00:00Z', '2026-12-03T21:59:00Z', whole)];
    expect(barsOf([short, last, long], days).map(({ entry: { key }, first, last: end, lane, isBegin, isEnd }) => [key, first, end, lane, isBegin, isEnd])).toEqual([
      [long.key, 0, 1, 0, false, true],
      [short.key, 1, 1, 1, true, true],
      [last.key, 2, 2, 0, true, true],
    ]);
  });
});

describe('moving', () => {
  it('keeps the clock and the length over a change of the clocks', () => {
    const before = entry('2026-10-24T07:00:00Z', '2026-10-24T08:30:00Z');
    const moved = movedBy(before, 1, 0, KYIV);
    expect([moved.start, moved.end].map((ms) => new Date(ms).toISOString())).toEqual(['2026-10-25T08:00:00.000Z', '2026-10-25T09:30:00.000Z']);
    const days = entry('2026-10-23T21:00:00Z', '2026-10-24T20:59:00Z', { is_all_day: true });
    const wholeDays = movedBy(days, 1, 0, KYIV);
    expect([wholeDays.start, wholeDays.end].map((ms) => new Date(ms).toISOString())).toEqual(['2026-10-24T21:00:00.000Z', '2026-10-25T21:59:00.000Z']);
  });

  it('writes the one time of a moment, and both once it is stretched', () => {
    const moment = entry(null, '2026-12-01T08:00:00Z');
    const at = { key: moment.key, start: Date.parse('2026-12-01T09:00:00Z'), end: Date.parse('2026-12-01T10:00:00Z') };
    expect(Object.keys(valuesAt(moment, { ...at, end: at.start }, false))).toEqual(['ends_at']);
    expect(valuesAt(moment, at, true)).toEqual({ starts_at: '2026-12-01T09:00:00.000Z', ends_at: '2026-12-01T10:00:00.000Z' });
  });
});

describe('hours', () => {
  it('shades what is left of a day, by the clock of the reader', () => {
    const hours = [{ from: '2026-12-01T07:00:00Z', to: '2026-12-01T11:00:00Z' }, { from: '2026-12-01T12:00:00Z', to: '2026-12-01T16:00:00Z' }];
    const work = { time_zone: KYIV, days: [{ date: '2026-12-01', hours, cause: 'plan' as const, name: null }] };
    expect(closedHours(work, '2026-12-01', KYIV)).toEqual([[0, 540], [780, 840], [1080, 1440]]);
    expect(closedHours(work, '2026-12-02', KYIV)).toEqual([[0, 1440]]);
    expect(closedHours(null, '2026-12-01', KYIV)).toEqual([]);
  });
});

describe('an address', () => {
  it.each([
    [{ view: 'week', day: '2026-12-01', users: '4.7', open: 'task-3' }, { view: 'week', day: '2026-12-01', users: '4.7', open: 'task-3' }],
    [{ view: 'year', day: '2026-13-41', users: 'me', open: 3 }, {}],
    [{ users: 4 }, { users: '4' }],
  ])('is read or left alone (%#)', (search, expected) => expect(readCalendarSearch(search)).toEqual(expected));
});
