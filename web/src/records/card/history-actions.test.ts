import { describe, expect, it } from 'vitest';
import type { HistoryChange, HistoryEntry, OperationKind } from '@/api/types';
import { shownActions } from './history-actions';

function entry(kind: OperationKind, fields: string[], canUndo = true): Pick<HistoryEntry, 'operation' | 'changes'> {
  const changes = fields.map((field) => ({ field, old: 'a', new: 'b' }) as HistoryChange);
  return { operation: { kind, can_undo: canUndo, is_undone: false } as HistoryEntry['operation'], changes };
}

const VALUE = { isOnlyPart: false, stillStands: true, canRestore: true };

describe('shownActions', () => {
  it('shows one of two words for the same', () => {
    expect(shownActions(entry('update', ['position']), VALUE)).toEqual({ hasUndo: true, hasRestore: false });
    expect(shownActions(entry('update', ['position']), { ...VALUE, stillStands: false })).toEqual({ hasUndo: false, hasRestore: true });
  });

  it('shows both where they differ', () => {
    const both = { hasUndo: true, hasRestore: true };
    expect(shownActions(entry('update', ['position', 'remark']), VALUE)).toEqual(both);
    expect(shownActions(entry('bulk', ['position']), VALUE)).toEqual(both);
    expect(shownActions(entry('update', ['position'], false), VALUE)).toEqual(both);
    expect(shownActions(entry('update', ['position']), { ...VALUE, isOnlyPart: true })).toEqual(both);
  });
});
