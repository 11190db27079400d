import type { UndoAnswer } from '@/api/types';

/** What became of an undo, as a key of the texts: under way, done, or done but for fields that changed later. */
export function undoMessage({ job, kept_count: kept = 0 }: UndoAnswer): { key: 'undo_started' | 'undone' | 'undone_kept'; count: number } {
  if (job !== undefined) return { key: 'undo_started', count: 0 };
  return { key: kept > 0 ? 'undone_kept' : 'undone', count: kept };
}
