import { describe, expect, it } from 'vitest';
import type { ImportState } from '@/api/types';
import { openSteps, reachedStep, shownStep } from './import-steps';

function item(state: ImportState, kind = 'csv') {
  return { kind, state };
}

describe('steps of an import', () => {
  it.each([
    ['mapping', 'columns'],
    ['checking', 'check'],
    ['checked', 'check'],
    ['running', 'result'],
    ['done', 'result'],
    ['undone', 'result'],
  ] as const)('%s stands at %s', (state, step) => expect(reachedStep(item(state))).toBe(step));

  it('an address book has no columns to match', () => {
    expect(reachedStep(item('mapping', 'vcard'))).toBe('check');
    expect(openSteps(item('checked', 'vcard'))).toEqual(['check']);
  });

  it('a stopped import has nothing but its report', () => expect(openSteps(item('cancelled'))).toEqual(['result']));

  it('the address may ask for an earlier step, never for one that is not open', () => {
    expect(shownStep(item('checked'), 'columns')).toBe('columns');
    expect(shownStep(item('mapping'), 'result')).toBe('columns');
    expect(shownStep(item('done'), 'columns')).toBe('result');
    expect(shownStep(item('checked'), 'nonsense')).toBe('check');
  });
});
