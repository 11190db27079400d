import { describe, expect, it } from 'vitest';
import type { FilterValue } from '@/util/filter-text';
import { rangeValues, withEnd, type Ends } from './range';

const day = (text: string): FilterValue => ({ form: 'bare', text });

describe('a range', () => {
  it('asks nothing until both ends are there, and keeps the one that is', () => {
    const none: Ends = [undefined, undefined];
    const low = withEnd(none, 0, day('2026-11-01'));
    expect(rangeValues(low)).toEqual([]);
    expect(low).toEqual([day('2026-11-01'), undefined]);
    const both = withEnd(low, 1, day('2026-11-30'));
    expect(rangeValues(both)).toEqual([day('2026-11-01'), day('2026-11-30')]);
    expect(rangeValues(withEnd(both, 0, undefined))).toEqual([]);
  });
});
