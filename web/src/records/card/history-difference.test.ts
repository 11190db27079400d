import { describe, expect, it } from 'vitest';
import { shownParts } from './history-difference';

describe('shownParts', () => {
  const home = { kind: 'phone', label: null, value: '+380671112233' };
  const work = { kind: 'phone', label: null, value: '+380442223344' };

  it('shows of a list what the other side has not', () => {
    expect(shownParts([home, work], [home])).toEqual([[work]]);
    expect(shownParts([home], [home, work])).toEqual([null]);
    expect(shownParts(['a', 'b'], null)).toEqual([['a'], ['b']]);
  });

  it('shows other values whole', () => {
    expect(shownParts('директор', 'бухгалтер')).toEqual(['директор']);
    expect(shownParts(null, 'бухгалтер')).toEqual([null]);
  });
});
