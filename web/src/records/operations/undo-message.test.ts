import { describe, expect, it } from 'vitest';
import type { Job, KeptField } from '@/api/types';
import { undoMessage } from './undo-message';

describe('undoMessage', () => {
  it('tells what was kept', () => {
    const kept = [{}, {}] as KeptField[];
    expect(undoMessage({ operation_id: 7, undone: 1, kept, kept_count: 2 })).toEqual({ key: 'undone_kept', count: 2 });
    expect(undoMessage({ operation_id: 7, undone: 3, kept: [], kept_count: 0 })).toEqual({ key: 'undone', count: 0 });
  });

  it('counts what the reader may not see', () => {
    expect(undoMessage({ operation_id: 8, undone: 2, kept: [], kept_count: 1 })).toEqual({ key: 'undone_kept', count: 1 });
  });

  it('does not call undone what stayed as it was', () => {
    expect(undoMessage({ operation_id: null, undone: 0, kept: [], kept_count: 1 })).toEqual({ key: 'nothing_undone', count: 1 });
  });

  it('tells that a large one is only under way', () => {
    expect(undoMessage({ job: {} as Job }).key).toBe('undo_started');
  });
});
