import { describe, expect, it } from 'vitest';
import { addDays, addMonths, weekOf, weeksOf } from './calendar';

describe('the calendar', () => {
  it.each([
    ['2026-11-23', 'monday', '2026-11-23', '2026-11-29'],
    ['2026-11-22', 'monday', '2026-11-16', '2026-11-22'],
    ['2026-11-23', 'sunday', '2026-11-22', '2026-11-28'],
    ['2026-11-23', 'saturday', '2026-11-21', '2026-11-27'],
    ['2026-11-21', 'saturday', '2026-11-21', '2026-11-27'],
  ] as const)('puts %s into a week from %s on', (day, start, first, last) => {
    const week = weekOf(day, start);
    expect([week[0], week[6], week.length]).toEqual([first, last, 7]);
  });

  it.each(['monday', 'sunday', 'saturday'] as const)('shows every day of a month, weeks from %s on', (start) => {
    const days = weeksOf('2026-02-14', start).flat();
    expect(days.filter((day) => day.startsWith('2026-02'))).toHaveLength(28);
    expect(days).toHaveLength(42);
    expect(new Set(days).size).toBe(42);
  });

  it('steps over the ends of months and years', () => {
    expect(addDays('2026-12-31', 1)).toBe('2027-01-01');
    expect(addDays('2028-03-01', -1)).toBe('2028-02-29');
    expect(addMonths('2026-01-31', 1)).toBe('2026-02-28');
    expect(addMonths('2026-03-31', -1)).toBe('2026-02-28');
    expect(addMonths('2026-12-05', 1)).toBe('2027-01-05');
    expect(addMonths('2026-01-05', -12)).toBe('2025-01-05');
  });
});
