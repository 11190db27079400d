import { expect, it } from 'vitest';
import { momentsAgo } from './moments';

it('counts an hour, a day, a week and a month back', () => {
  const moments = momentsAgo(new Date('2026-03-31T10:00:00Z'));
  expect(moments.hour).toBe('2026-03-31T09:00:00.000Z');
  expect(moments.day).toBe('2026-03-30T10:00:00.000Z');
  expect(moments.week).toBe('2026-03-24T10:00:00.000Z');
  expect(moments.month.slice(0, 10)).toBe('2026-02-28');
});
