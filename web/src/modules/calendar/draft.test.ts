import { expect, it } from 'vitest';
import { columnOf, nextHour } from './draft';

const DAY = '2026-11-24';
const columns = [4, 7, 9].map((person) => ({ day: DAY, person }));

it('stands in one column: of its person, of the reader, or the first of the day', () => {
  const draft = nextHour(DAY, DAY, 600);
  expect(columnOf(columns, { ...draft, person: 9 }, 7)).toBe(columns[2]);
  expect(columnOf(columns, draft, 7)).toBe(columns[1]);
  expect(columnOf(columns, draft, 1)).toBe(columns[0]);
  expect(columnOf(columns, nextHour('2026-11-25', DAY, 600), 7)).toBeUndefined();
  expect(columnOf(columns, null, 7)).toBeUndefined();
});
