import { describe, expect, it } from 'vitest';
import { readCondition, type JsonCondition } from './filter-json';
import { printFilter } from './filter-text';

describe('a condition of an explanation', () => {
  it.each<[JsonCondition, string]>([
    [{ field: 'addresses.city', op: '=', value: 'Київ' }, 'addresses.city = "Київ"'],
    [{ field: 'warmth', op: 'not in', value: ['hot', 'warm'] }, 'warmth not in ("hot", "warm")'],
    [{ field: 'groups', op: 'has', value: [2, 3] }, 'groups has (2, 3)'],
    [{ field: 'managers', op: 'has', value: 1 }, 'managers has (1)'],
    [{ field: 'managers', op: 'has', value: { me: true } }, 'managers has (me)'],
    [{ field: 'parent', op: 'is empty' }, 'parent is empty'],
    [{ field: 'is_vip', op: '=', value: true }, 'is_vip = true'],
    [{ field: 'created_at', op: 'between', value: [{ date: '2026-10-23' }, { instant: '2026-11-22T10:00:00Z' }] }, 'created_at between 2026-10-23 and 2026-11-22T10:00:00Z'],
    [{ field: 'created_at', op: '>=', value: { today: { offset_days: -30 } } }, 'created_at >= today - 30d'],
    [{ field: 'updated_at', op: '<', value: { now: { offset_minutes: -120 } } }, 'updated_at < now - 2h'],
    [{ field: 'updated_at', op: '<', value: { now: {} } }, 'updated_at < now'],
  ])('%j', (json, expected) => {
    const condition = readCondition(json);
    expect(condition).not.toBeNull();
    expect(printFilter(condition === null ? [] : [condition])).toBe(expected);
  });

  it('is left out when its operator is not known', () => expect(readCondition({ field: 'a', op: 'sounds like', value: 'b' })).toBeNull());
});
