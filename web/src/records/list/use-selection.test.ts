import { describe, expect, it } from 'vitest';
import { between, toggled } from './use-selection';

describe('toggled', () => {
  const loaded = [1, 2, 3, 4];

  it('ticks and unticks a row', () => {
    expect([...toggled({ ids: new Set([1]), isAllMatching: false }, 2, loaded)]).toEqual([1, 2]);
    expect([...toggled({ ids: new Set([1, 2]), isAllMatching: false }, 2, loaded)]).toEqual([1]);
  });

  it('leaves the others ticked when one of all goes', () => {
    expect([...toggled({ ids: new Set([1, 2]), isAllMatching: true }, 3, loaded)]).toEqual([1, 2, 4]);
    expect([...toggled({ ids: new Set([1, 2]), isAllMatching: true }, 1, loaded)]).toEqual([2, 3, 4]);
  });
});

describe('between', () => {
  const loaded = [5, 3, 8, 1];

  it('goes from either end', () => {
    expect(between(loaded, 3, 1)).toEqual([3, 8, 1]);
    expect(between(loaded, 8, 5)).toEqual([5, 3, 8]);
    expect(between(loaded, 8, 8)).toEqual([8]);
  });

  it('is one row when the other is not loaded', () => expect(between(loaded, 77, 8)).toEqual([8]));
});
