import { expect, it } from 'vitest';
import { formatIn } from '@/ui/use-format';
import { formatsOf } from '@/util/format';
import { isOverMidnight, nextSpan, officePlan, planText, readOwnDays, readPlan, readSpans, shiftPlan, weeklyMinutes } from './plan';

const EN = formatIn(formatsOf('en'));

it('tells a week by its runs of equal days', () => {
  const plan = officePlan();
  expect(planText(plan, EN, 'off')).toBe('Mon–Fri 09:00–18:00');
  plan.days[5] = [{ from: '10:00', to: '12:00' }, { from: '13:00', to: '15:00' }];
  expect(planText(plan, EN, 'off')).toBe('Mon–Fri 09:00–18:00; Sat 10:00–12:00, 13:00–15:00');
  expect(planText(shiftPlan('2026-03-02'), EN, 'off')).toBe('08:00–20:00 · 20:00–08:00 · off · off');
  const short = formatIn(formatsOf('en', { time: '12h' }));
  expect(planText(officePlan(), short, 'off').replaceAll('\u00a0', ' ')).toBe('Mon–Fri 9:00 AM–6:00 PM');
});

it('counts the hours of a week, over midnight too', () => {
  expect(weeklyMinutes(officePlan())).toBe(45 * 60);
  expect(weeklyMinutes(shiftPlan('2026-03-02'))).toBe(42 * 60);
  expect(weeklyMinutes({ kind: 'week', days: [[{ from: '00:00', to: '24:00' }], [], [], [], [], [], []] })).toBe(24 * 60);
});

it('knows which hours end on the next day', () => {
  expect(isOverMidnight({ from: '22:00', to: '06:00' })).toBe(true);
  expect(isOverMidnight({ from: '09:00', to: '18:00' })).toBe(false);
  // Midnight itself is the end of the day.
  expect(isOverMidnight({ from: '18:00', to: '00:00' })).toBe(false);
});

it('offers hours behind the last ones', () => {
  expect(nextSpan([])).toEqual({ from: '09:00', to: '18:00' });
  expect(nextSpan([{ from: '09:00', to: '13:00' }])).toEqual({ from: '14:00', to: '18:00' });
  expect(nextSpan([{ from: '09:00', to: '23:30' }])).toEqual({ from: '23:00', to: '00:00' });
});

it('reads what makes sense', () => {
  expect(readPlan('{')).toEqual(officePlan());
  expect(readPlan(JSON.stringify(shiftPlan('2026-03-02')))).toEqual(shiftPlan('2026-03-02'));
  expect(readSpans('[{"from": "09:00", "to": "13:00"}]')).toEqual([{ from: '09:00', to: '13:00' }]);
  expect(readSpans(null)).toEqual([]);
  expect(readOwnDays(null)).toEqual([]);
  expect(readOwnDays('[{"from": "2026-01-01", "to": "2026-01-02", "hours": []}]')).toHaveLength(1);
});
