import { expect, it } from 'vitest';
import { dayAhead } from './quick-days';

it.each([
  [0, 'Europe/Kyiv', '2026-11-23T22:30:00Z', '2026-11-24'],
  [0, 'America/New_York', '2026-11-23T22:30:00Z', '2026-11-23'],
  [3, 'Europe/Kyiv', '2026-12-29T10:00:00Z', '2027-01-01'],
  [7, 'Europe/Kyiv', '2026-10-24T20:00:00Z', '2026-10-31'],
])('%i days ahead in %s', (days, zone, now, expected) => expect(dayAhead(days, zone, new Date(now))).toBe(expected));
