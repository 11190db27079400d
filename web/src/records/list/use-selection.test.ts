import { describe, expect, it } from 'vitest';
import { toggled } from './use-selection';

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
