import { describe, expect, it } from 'vitest';
import { emptyGroup, groupValues, missingIn, type GroupDraft } from './group-draft';

const HOT: GroupDraft = { name: 'Горячие', parent: '3', kind: 'smart', rule: 'warmth = hot', description: '' };

describe('the dialog of a group', () => {
  it('writes all of a new group, and nothing that is empty', () => {
    expect(groupValues({ ...emptyGroup(null), name: ' Дилеры ' }, null)).toEqual({ name: 'Дилеры', kind: 'manual' });
    expect(groupValues(HOT, null)).toEqual({ name: 'Горячие', parent: 3, kind: 'smart', rule: 'warmth = hot' });
    expect(emptyGroup(7).parent).toBe('7');
  });

  it('writes what changed', () => {
    expect(groupValues(HOT, HOT)).toEqual({});
    expect(groupValues({ ...HOT, parent: '', description: 'x' }, HOT)).toEqual({ parent: null, description: 'x' });
  });

  it('takes the rule away with the kind, and does not send one of a group by hand', () => {
    expect(groupValues({ ...HOT, kind: 'manual' }, HOT)).toEqual({ kind: 'manual', rule: null });
    expect(groupValues({ ...HOT, kind: 'manual' }, null)).toEqual({ name: 'Горячие', parent: 3, kind: 'manual' });
  });

  it.each([
    [HOT, null],
    [{ ...HOT, name: '  ' }, 'name'],
    [{ ...HOT, rule: ' ' }, 'rule'],
    [{ ...HOT, kind: 'manual', rule: '' }, null],
  ] as const)('misses in %j: %s', (draft, expected) => expect(missingIn(draft)).toBe(expected));
});
