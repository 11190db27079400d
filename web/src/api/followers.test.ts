import { describe, expect, it } from 'vitest';
import { toggled, type Reaction } from './followers';

const ME = { id: 1, title: 'Олена', type: 'user' };
const PETRO = { id: 2, title: 'Петро', type: 'user' };

describe('reactions', () => {
  it('are added in their order, taken back, and gone with the last of them', () => {
    const one = toggled([], 'eyes', true, ME);
    expect(one).toEqual([{ reaction: 'eyes', users: [ME], is_own: true }]);
    expect(toggled(one, 'heart', true, ME).map(({ reaction }) => reaction)).toEqual(['heart', 'eyes']);
    expect(toggled(one, 'eyes', false, ME)).toEqual([]);
    expect(toggled(one, 'eyes', true, ME)).toEqual(one);
  });

  it('of others stay', () => {
    const both: Reaction[] = [{ reaction: 'heart', users: [PETRO, ME], is_own: true }];
    expect(toggled(both, 'heart', false, ME)).toEqual([{ reaction: 'heart', users: [PETRO], is_own: false }]);
  });
});
