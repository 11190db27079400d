/** What an undo would take back, in one line: what was done, to how many, by whom and when. */
import type { OperationSummary } from '@/api/types';

export interface UndoParts {
  kind: string;
  /** The record where there is one, else how many; empty where neither is known. */
  what: string;
  who: string | null;
  when: string;
}

export function undoLine({ kind, what, who, when }: UndoParts): string {
  return [[kind, what].filter((part) => part !== '').join(': '), who, when].filter((part) => part !== null && part !== '').join(' · ');
}

/** Whether the way back is offered at all. */
export function isUndoOffered({ can_undo: canUndo, is_undone: isUndone }: Pick<OperationSummary, 'can_undo' | 'is_undone'>): boolean {
  return canUndo && !isUndone;
}

/** Whether it may have changed more than the one record in sight; told by its count where that is known. */
export function touchesMany({ kind, record_count: count }: Pick<OperationSummary, 'kind' | 'record_count'>): boolean {
  return kind === 'import' || kind === 'bulk' || kind === 'merge' || (kind !== 'undo' && (count ?? 1) > 1);
}
