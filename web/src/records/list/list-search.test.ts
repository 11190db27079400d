import { describe, expect, it } from 'vitest';
import { readListSearch, shownLook } from './list-search';

describe('the look of a list', () => {
  it('is a list unless the address says otherwise', () => {
    expect(shownLook(readListSearch({}).look, false)).toBe('list');
    expect(shownLook(readListSearch({ look: 'sheet' }).look, false)).toBe('sheet');
    expect(readListSearch({ look: 'nonsense' })).toEqual({});
  });

  it('is no spreadsheet on a phone', () => {
    expect(shownLook('sheet', true)).toBe('list');
    expect(shownLook('tiles', true)).toBe('tiles');
  });
});
