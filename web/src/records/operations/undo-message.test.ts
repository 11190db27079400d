import { describe, expect, it } from 'vitest';
import type { Job, KeptField } from '@/api/types';
import { undoMessage } from './undo-message';

describe('undoMessage', () => {
  it('tells what was kept', () => {
    const kept = [{}, {}] as KeptField[];
    expect(undoMessage({ operation_id: 7, undone: 1, kept })).toEqual({ key: 'undone_kept', count: 2 });
    expect(undoMessage({ operation_id: 7, undone: 3, kept: [] })).toEqual({ key: 'undone', count: 0 });
  });

  it('tells that a large one is only under way', () => {
    expect(undoMessage({ job: {} as Job }).key).toBe('undo_started');
  });
});
