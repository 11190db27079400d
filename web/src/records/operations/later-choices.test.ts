import { describe, expect, it } from 'vitest';
import type { LaterChange } from '@/api/operations';
import { changeKey, confirmWords, isTaken, KEEP_ALL, overwriteOf, TAKE_ALL, withChoice } from './later-choices';

function change(field: string | null, can = true): LaterChange {
  return { type: 'contact', id: 4, version: 7, title: 'A', field, current: 1, would_be: 2, changed_by: null, changed_at: null, can_overwrite: can };
}

describe('later changes', () => {
  it('stay unless they are chosen', () => {
    expect(isTaken(KEEP_ALL, change('name'))).toBe(false);
    expect(overwriteOf(KEEP_ALL)).toEqual({});
    const one = withChoice(KEEP_ALL, change('name'), true);
    expect([isTaken(one, change('name')), isTaken(one, change('remark'))]).toEqual([true, false]);
    expect(overwriteOf(one)).toEqual({ overwrite: [{ type: 'contact', id: 4, field: 'name', version: 7 }] });
    expect(overwriteOf(withChoice(one, change('name'), false))).toEqual({});
  });

  it('go back all but those that are kept', () => {
    const most = withChoice(TAKE_ALL, change(null), false);
    expect([isTaken(most, change(null)), isTaken(most, change('name'))]).toEqual([false, true]);
    expect(overwriteOf(most)).toEqual({ overwrite_all: true, keep: [{ type: 'contact', id: 4, field: null, version: 7 }] });
  });

  it('are never taken where that is not allowed', () => expect(isTaken(TAKE_ALL, change('name', false))).toBe(false));

  it('tells a record from its field', () => expect(changeKey(change(null))).not.toBe(changeKey(change('name'))));

  it('says on the button what will happen', () => {
    const one = withChoice(KEEP_ALL, change('name'), true);
    expect(confirmWords(KEEP_ALL, false).key).toBe('undo_keeping');
    expect(confirmWords(KEEP_ALL, true).key).toBe('choose_first');
    expect(confirmWords(one, false)).toEqual({ key: 'undo_taking', count: 1 });
    expect(confirmWords(one, true)).toEqual({ key: 'take', count: 1 });
    expect(confirmWords(TAKE_ALL, true).key).toBe('take_all');
    expect(confirmWords(withChoice(TAKE_ALL, change('name'), false), false)).toEqual({ key: 'undo_most', count: 1 });
  });
});
