import { describe, expect, it } from 'vitest';
import { readListSearch, shownLook } from './list-search';

const ALL = { hasPlaces: true, hasBranches: true, hasColumns: true, hasSpans: true };
const NONE = { hasPlaces: false, hasBranches: false, hasColumns: false, hasSpans: false };

describe('the look of a list', () => {
  it('is a list unless the address says otherwise', () => {
    expect(shownLook(readListSearch({}).look, false, ALL)).toBe('list');
    expect(shownLook(readListSearch({ look: 'sheet' }).look, false, ALL)).toBe('sheet');
    expect(readListSearch({ look: 'nonsense' })).toEqual({});
  });

  it('is no spreadsheet on a phone', () => {
    expect(shownLook('sheet', true, ALL)).toBe('list');
    expect(shownLook('tiles', true, ALL)).toBe('tiles');
    expect(shownLook('map', true, ALL)).toBe('map');
  });

  it('is a map only where there are addresses', () => {
    expect(shownLook(readListSearch({ look: 'map' }).look, false, ALL)).toBe('map');
    expect(shownLook('map', false, NONE)).toBe('list');
  });

  it('is a board only where there is a list of options', () => {
    expect(shownLook(readListSearch({ look: 'board' }).look, true, ALL)).toBe('board');
    expect(shownLook('board', false, NONE)).toBe('list');
  });

  it('is a tree only where records stand below others', () => {
    expect(shownLook(readListSearch({ look: 'tree' }).look, false, ALL)).toBe('tree');
    expect(shownLook('tree', false, NONE)).toBe('list');
  });
});
