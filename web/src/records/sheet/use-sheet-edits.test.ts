import { describe, expect, it } from 'vitest';
import { readRefused } from './use-sheet-edits';

const shown = new Map([
  ['1/position', 'x'],
  ['1/remark', 'y'],
  ['12/remark', 'z'],
]);

describe('what was not taken', () => {
  it('is one cell, or all cells of a record', () => {
    const problems = [
      { id: 12, field: 'remark', code: 'too_long', params: {} },
      { id: 1, field: null, code: 'forbidden', params: {} },
    ];
    expect(readRefused({ problems }, shown, (code) => code)).toEqual([
      { id: 12, field: 'remark', text: 'z', message: 'too_long', isConflict: false },
      { id: 1, field: 'position', text: 'x', message: 'forbidden', isConflict: false },
      { id: 1, field: 'remark', text: 'y', message: 'forbidden', isConflict: false },
    ]);
  });
});
