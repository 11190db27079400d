import { expect, it } from 'vitest';
import { formatsOf } from './format';
import { parseDayAndClock } from './read-format';

it.each([
  ['22.11.2026 14:30', { day: '2026-11-22', clock: '14:30' }],
  ['22/11/2026, 9', { day: '2026-11-22', clock: '09:00' }],
  ['22.11.2026', null],
  ['22.11.2026 25:00', null],
  ['завтра 9', null],
])('%s', (text, expected) => expect(parseDayAndClock(text, formatsOf('ru'))).toEqual(expected));
