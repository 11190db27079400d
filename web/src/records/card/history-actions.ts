import type { HistoryEntry } from '@/api/types';
import { touchesMany } from '../operations/undo-words';

export interface ShownActions {
  hasUndo: boolean;
  hasRestore: boolean;
}

/**
 * Undo takes back the whole operation, Restore a single value. Where the operation was one value of this card, both mean
 * the same, and one is enough: Undo while the value still stands, Restore once it was changed again, which Undo would keep.
 */
export function shownActions(
  { operation, changes }: Pick<HistoryEntry, 'operation' | 'changes'>,
  value: { isOnlyPart: boolean; stillStands: boolean; canRestore: boolean },
): ShownActions {
  const isLarge = touchesMany(operation);
  const canUndo = operation.can_undo && !operation.is_undone;
  if (changes.length !== 1 || value.isOnlyPart || isLarge || !canUndo || !value.canRestore) return { hasUndo: true, hasRestore: true };
  return { hasUndo: value.stillStands, hasRestore: !value.stillStands };
}
