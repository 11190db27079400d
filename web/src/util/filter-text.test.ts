import { describe, expect, it } from 'vitest';
import { bothFilters, parseFilter, printFilter } from './filter-text';

describe('filter text', () => {
  it.each([
    ['warmth in (hot, warm)', 'warmth in ("hot", "warm")'],
    ['addresses.city = "Київ" and kind = person', 'addresses.city = "Київ" and kind = "person"'],
    ['created_at >= today - 30d', 'created_at >= today - 30d'],
    ['created_at >= today -30d', 'created_at >= today - 30d'],
    ['updated_at < now - 2h', 'updated_at < now - 2h'],
    ['managers has me', 'managers has (me)'],
    ['managers has all (me, 7)', 'managers has all (me, 7)'],
    ['parent is empty and remark IS NOT EMPTY', 'parent is empty and remark is not empty'],
    ['x12 between -1.5 and 20', 'x12 between -1.5 and 20'],
    ['last_name starts with "Шев\\"ч" and position ends with "тор"', 'last_name starts with "Шев\\"ч" and position ends with "тор"'],
    ['kind not in (company)', 'kind not in ("company")'],
    ['created_at = 2026-11-22 and is_vip = true', 'created_at = 2026-11-22 and is_vip = true'],
    ['created_at > 2026-11-22T10:00:00Z', 'created_at > 2026-11-22T10:00:00Z'],
    ['not tags has 5', 'not tags has (5)'],
    ['kind = person and NOT (tags has (5, 6)) and groups has 7', 'kind = "person" and not tags has (5, 6) and groups has (7)'],
    ['all', ''],
    ['', ''],
  ])('reads %s', (input, expected) => {
    const conditions = parseFilter(input);
    expect(conditions).not.toBeNull();
    expect(printFilter(conditions ?? [])).toBe(expected);
    expect(parseFilter(expected)).toEqual(conditions);
  });

  it.each(['a = 1 or b = 2', 'not (a = 1)', 'not a = 1', 'not tags has all (1, 2)', 'not (a has 1 and b has 2)', 'not not a has 1', 'not (a has 1', '(a = 1) and b = 2', 'a =', 'a = "open', '= 5', 'a is nearly empty', 'ф = 1'])(
    'leaves %s as text',
    (input) => expect(parseFilter(input)).toBeNull(),
  );

  it('joins two filters and guards the richer one with brackets', () => {
    expect(bothFilters('kind = person', 'a = 1 or b = 2')).toBe('kind = person and (a = 1 or b = 2)');
    expect(bothFilters(undefined, 'a = 1')).toBe('a = 1');
    expect(bothFilters('', undefined)).toBeUndefined();
  });
});
