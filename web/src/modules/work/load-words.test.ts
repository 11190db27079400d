import { describe, expect, test } from 'vitest';
import { filterOf, fullness } from './load-words';

describe('fullness', () => {
  const of = (planned: number, working: number | null) => fullness({ date: '2026-11-25', planned_minutes: planned, working_minutes: working, name: null });

  test('a day is as full as its hours say', () => {
    expect([of(0, 540), of(60, 540), of(400, 540), of(540, 540), of(541, 540)]).toEqual(['free', 'some', 'most', 'most', 'over']);
  });

  test('a day off is off until something is planned on it', () => {
    expect([of(0, 0), of(30, 0), of(0, null), of(481, null)]).toEqual(['off', 'over', 'free', 'over']);
  });
});

test('the week ends with the Monday that follows, on the wall', () => {
  // Sunday, 23:30 UTC: in Kyiv it is Monday.
  const now = new Date('2026-11-29T23:30:00Z');
  const bound = (count: 'today' | 'week', zone: string) => Date.parse(filterOf(7, count, zone, now).split('deadline < ')[1] ?? '');
  expect([bound('today', 'UTC'), bound('week', 'UTC')]).toEqual([Date.parse('2026-11-30T00:00:00Z'), Date.parse('2026-11-30T00:00:00Z')]);
  expect([bound('today', 'Europe/Kyiv'), bound('week', 'Europe/Kyiv')]).toEqual([Date.parse('2026-11-30T22:00:00Z'), Date.parse('2026-12-06T22:00:00Z')]);
  expect(filterOf(7, 'none', 'UTC', now)).toBe('responsible = 7 and status.meaning = open and deadline is empty');
});
