import { expect, test } from 'vitest';
import { allOnDay, placeIn, windowOf } from './free-strip';

const stretch = (from: string, to: string) => ({ from: `2026-11-${from}:00Z`, to: `2026-11-${to}:00Z` });

test('of what lies on two days each has its part, on the wall', () => {
  const night = stretch('23T20:00', '24T06:30');
  expect(allOnDay([night], '2026-11-23', 'UTC')).toEqual([[1200, 1440]]);
  expect(allOnDay([night], '2026-11-24', 'UTC')).toEqual([[0, 390]]);
  expect(allOnDay([night], '2026-11-23', 'Europe/Kyiv')).toEqual([[1320, 1440]]);
  expect(allOnDay([night], '2026-11-25', 'UTC')).toEqual([]);
  // What ends at midnight does not touch the day that begins there.
  expect(allOnDay([stretch('23T20:00', '24T00:00')], '2026-11-24', 'UTC')).toEqual([]);
});

test('the strip shows the hours of everybody', () => {
  expect(windowOf([])).toEqual([480, 1140]);
  expect(windowOf([[450, 900], [600, 1230]])).toEqual([420, 1260]);
  expect(placeIn([480, 813], [480, 1146])).toEqual({ left: '0%', width: '50%' });
  expect(placeIn([60, 480], [480, 1140])).toBeNull();
});
