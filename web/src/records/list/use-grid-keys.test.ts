import { describe, expect, it } from 'vitest';
import { startsSearch } from './use-grid-keys';

describe('startsSearch', () => {
  const keyOfPage = (): boolean => true;
  const free = (): boolean => false;

  it('takes letters and digits', () => {
    for (const key of ['ш', 'w', '7', '+']) expect(startsSearch(key, false, free)).toBe(true);
    for (const key of [' ', 'Enter', '?']) expect(startsSearch(key, false, free)).toBe(false);
    expect(startsSearch('w', true, free)).toBe(false);
  });

  it('leaves the page its keys, but not the letters of another alphabet on the same key', () => {
    expect(startsSearch('c', false, keyOfPage)).toBe(false);
    expect(startsSearch('с', false, keyOfPage)).toBe(true);
    expect(startsSearch('C', false, keyOfPage)).toBe(true);
  });
});
