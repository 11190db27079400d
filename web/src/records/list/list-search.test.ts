import { describe, expect, it } from 'vitest';
import { readListSearch, shownLook } from './list-search';

describe('the look of a list', () => {
  it('is a list unless the address says otherwise', () => {
    expect(shownLook(readListSearch({}).look, false, true)).toBe('list');
    expect(shownLook(readListSearch({ look: 'sheet' }).look, false, true)).toBe('sheet');
    expect(readListSearch({ look: 'nonsense' })).toEqual({});
  });

  it('is no spreadsheet on a phone', () => {
    expect(shownLook('sheet', true, true)).toBe('list');
    expect(shownLook('tiles', true, true)).toBe('tiles');
    expect(shownLook('map', true, true)).toBe('map');
  });

  it('is a map only where there are addresses', () => {
    expect(shownLook(readListSearch({ look: 'map' }).look, false, true)).toBe('map');
    expect(shownLook('map', false, false)).toBe('list');
  });
});
