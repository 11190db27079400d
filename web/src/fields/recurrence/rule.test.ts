import { expect, it } from 'vitest';
import { isOnWorkingDays, parseRule, printRule } from './rule';

it.each([
  'FREQ=DAILY',
  'FREQ=WEEKLY;INTERVAL=2;BYDAY=MO,FR;COUNT=5',
  'FREQ=MONTHLY;BYMONTHDAY=-1,15',
  'FREQ=MONTHLY;BYDAY=-1FR,1MO;UNTIL=20301231',
  'FREQ=YEARLY',
])('%s is taken apart and put together', (text) => {
  const rule = parseRule(text);
  expect(rule === null ? null : printRule(rule)).toBe(text);
});

it.each(['', 'FREQ=HOURLY', 'BYDAY=MO', 'FREQ=WEEKLY;BYDAY=XX', 'FREQ=DAILY;BYHOUR=9'])('%s is none', (text) => expect(parseRule(text)).toBeNull());

it('knows working days', () => {
  const rules = ['FREQ=WEEKLY;BYDAY=MO,TU,WE,TH,FR', 'FREQ=WEEKLY;BYDAY=MO,TU,WE,TH,SA'].map(parseRule);
  expect(rules.map((rule) => rule !== null && isOnWorkingDays(rule))).toEqual([true, false]);
});
