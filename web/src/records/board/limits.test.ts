import { describe, expect, it } from 'vitest';
import { fullness, limitOf, withLimit } from './limits';

describe('limits of columns', () => {
  it.each([
    [3, 5, 'free'],
    [5, 5, 'full'],
    [6, 5, 'over'],
    [6, undefined, null],
    [null, 5, null],
  ] as const)('%s of %s is %s', (count, limit, expected) => expect(fullness(count, limit)).toBe(expected));
  it.each([
    ['', undefined],
    [' 10 000 ', 10_000],
    ['0', null],
    ['10001', null],
    ['five', null],
  ])('are typed: %j', (text, expected) => expect(limitOf(text)).toBe(expected));
  it('are of one option, and the others stay', () => {
    const options = [
      { key: 'a', labels: {}, max_records: 3 },
      { key: 'b', labels: {}, max_days: 7, is_offered: false },
    ];
    expect(withLimit({ options }, 'b', 5).options).toEqual([{ key: 'a', labels: {}, max_records: 3 }, { key: 'b', labels: {}, max_days: 7, max_records: 5 }]);
    expect(withLimit({ options }, 'a', undefined).options?.[0]).toEqual({ key: 'a', labels: {} });
  });
});
