import { describe, expect, it } from 'vitest';
import type { ImportCheck, ImportReport } from '@/api/types';
import { hasResults, rowCount } from './row-count';

const check = { read: 98 } as ImportCheck;
const report = (read: number) => ({ read }) as ImportReport;

describe('the rows of a file', () => {
  it('are a guess until they are counted', () => {
    expect(rowCount({ check: null, report: null, state: 'mapping', row_estimate: 100 })).toEqual({ count: 100, isExact: false });
    expect(rowCount({ check, report: null, state: 'checked', row_estimate: 100 })).toEqual({ count: 98, isExact: true });
    expect(rowCount({ check: null, report: report(98), state: 'done', row_estimate: 100 })).toEqual({ count: 98, isExact: true });
    expect(rowCount({ check: null, report: null, state: 'mapping', row_estimate: null })).toBeNull();
  });

  it('of a stopped import are not those that it has read', () => {
    expect(rowCount({ check: null, report: report(20), state: 'cancelled', row_estimate: 100 })).toEqual({ count: 100, isExact: false });
  });
});

it('an import stopped before its first batch has no results', () => {
  expect(hasResults({ report: null })).toBe(false);
  expect(hasResults({ report: report(0) })).toBe(false);
  expect(hasResults({ report: report(1) })).toBe(true);
});
