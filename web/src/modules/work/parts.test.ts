import { expect, it } from 'vitest';
import type { WorkItem } from '@/api/work';
import { nextMonday, partOf, withClosed } from './parts';

/** Sunday in Kyiv, Saturday in New York. */
const NOW = new Date('2026-11-21T23:00:00Z');

it.each([
  [null, 'Europe/Kyiv', 'none'],
  ['2026-11-21T22:59:00Z', 'Europe/Kyiv', 'overdue'],
  ['2026-11-22T21:59:00Z', 'Europe/Kyiv', 'today'],
  ['2026-11-22T22:00:00Z', 'Europe/Kyiv', 'tomorrow'],
  ['2026-11-23T22:00:00Z', 'Europe/Kyiv', 'later'],
  ['2026-11-22T21:59:00Z', 'America/New_York', 'tomorrow'],
  ['2026-11-23T21:59:00Z', 'America/New_York', 'later'],
])('%s in %s is %s', (by, zone, part) => expect(partOf(by, zone, NOW)).toBe(part));

it('has a rest of the week in its middle', () => expect(partOf('2026-11-28T10:00:00Z', 'Europe/Kyiv', new Date('2026-11-24T10:00:00Z'))).toBe('week'));

it('knows the next Monday', () => {
  expect([nextMonday('Europe/Kyiv', NOW), nextMonday('Europe/Kyiv', new Date('2026-11-23T10:00:00Z'))]).toEqual(['2026-11-23', '2026-11-30']);
});

it('keeps what was closed at its place', () => {
  const item = (id: number, by: string | null) => ({ by, field: 'deadline', record: { type: 'task', id } }) as unknown as WorkItem;
  const ids = (items: readonly WorkItem[]) => items.map(({ record }) => record.id);
  const listed = [item(1, '2026-01-01T00:00:00Z'), item(3, '2026-01-03T00:00:00Z'), item(5, null)];
  expect(ids(withClosed(listed, [item(2, '2026-01-02T00:00:00Z'), item(4, '2026-01-04T00:00:00Z'), item(6, null), item(1, null)]))).toEqual([1, 2, 3, 4, 5, 6]);
});
