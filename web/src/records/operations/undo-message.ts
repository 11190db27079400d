import type { UndoAnswer } from '@/api/types';

export interface UndoMessage {
  key: 'undo_started' | 'undone' | 'undone_kept' | 'nothing_undone';
  count: number;
}

/** What became of an undo, as a key of the texts: under way, done, done but for fields that changed later, or nothing done at all. */
export function undoMessage({ job, undone = 0, kept_count: kept = 0 }: UndoAnswer): UndoMessage {
  if (job !== undefined) return { key: 'undo_started', count: 0 };
  if (undone === 0 && kept > 0) return { key: 'nothing_undone', count: kept };
  return { key: kept > 0 ? 'undone_kept' : 'undone', count: kept };
}
