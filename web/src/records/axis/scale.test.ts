import { describe, expect, it } from 'vitest';
import { closedTicks, numberOf, partsOf, placeOf, scaleOf } from './scale';

describe('the scale of a time axis', () => {
  it('begins and ends with whole units', () => {
    const day = scaleOf('day', '2026-11-24', 'monday');
    expect([day.first, day.end]).toEqual(['2026-11-09', '2026-12-28']);
    expect(day.upper).toEqual([{ day: '2026-11-09', days: 22 }, { day: '2026-12-01', days: 27 }]);
    expect(day.lower).toHaveLength(49);
    expect(scaleOf('day', '2026-11-24', 'sunday').first).toBe('2026-11-08');
    const month = scaleOf('month', '2026-11-24', 'monday');
    expect([month.first, month.end, month.upper[1]?.day]).toEqual(['2026-07-01', '2027-09-01', '2027-01-01']);
    const quarter = scaleOf('quarter', '2026-11-24', 'monday');
    expect([quarter.first, quarter.end, quarter.lower[0]?.days]).toEqual(['2025-10-01', '2029-01-01', 92]);
  });

  it('says where a moment stands', () => {
    const week = scaleOf('week', '2026-11-24', 'monday');
    expect(placeOf(week, numberOf(week.first) + 1.5)).toBe(27);
    expect(week.width).toBe((numberOf(week.end) - numberOf(week.first)) * 18);
  });

  it('puts closed days that follow one another together', () => {
    const day = scaleOf('day', '2026-11-24', 'monday');
    const closed = closedTicks(day, (date) => [0, 6].includes(new Date(date).getUTCDay()) || date === '2026-11-27');
    expect(closed.slice(0, 3)).toEqual([{ day: '2026-11-14', days: 2 }, { day: '2026-11-21', days: 2 }, { day: '2026-11-27', days: 3 }]);
  });

  it('is asked for in parts', () => {
    expect(partsOf('2026-11-01', '2026-11-08', 3)).toEqual([
      { from: '2026-11-01', to: '2026-11-04' },
      { from: '2026-11-04', to: '2026-11-07' },
      { from: '2026-11-07', to: '2026-11-08' },
    ]);
  });
});
