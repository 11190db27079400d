import { describe, expect, it } from 'vitest';
import { jobKindKey, keptOperation, readJobReport, undoableOperation } from './job-report';

describe('the report of a job', () => {
  it('of a mass change names what was refused', () => {
    const failed = [{ id: 7, code: 'forbidden', params: {} }];
    expect(readJobReport({ kind: 'bulk', action: 'update', report: { type: 'contact', changed: 12, unchanged: 1, failed_count: 1, failed } })).toEqual({
      action: 'update',
      changed: 12,
      unchanged: 1,
      failed: 1,
      kept: 0,
      left: [{ type: 'contact', id: 7, title: null, code: 'forbidden', params: {} }],
    });
  });

  it('of an undo names each record once, however many of its fields were kept', () => {
    const kept = ['warmth', 'position'].map((field) => ({ type: 'contact', id: 3, title: 'Яворенко', field }));
    expect(readJobReport({ kind: 'undo', action: null, report: { undone: 40, kept_count: 2, kept } })).toEqual({
      action: null,
      changed: 40,
      unchanged: 0,
      failed: 0,
      kept: 2,
      left: [{ type: 'contact', id: 3, title: 'Яворенко', code: null, params: {} }],
    });
  });

  it('says nothing of what has a page of its own, and survives what it does not know', () => {
    expect(readJobReport({ kind: 'export', action: null, report: { file_name: 'x' } })).toBeNull();
    expect(readJobReport({ kind: 'bulk', action: 'update', report: null })).toBeNull();
    expect(readJobReport({ kind: 'bulk', action: 'update', report: { failed: ['x', null] } })).toEqual({ action: 'update', changed: 0, unchanged: 0, failed: 0, kept: 0, left: [] });
  });
});

describe('the operation that the end of a job offers to take back', () => {
  const job = { kind: 'bulk', action: 'update', state: 'done', operation_id: 7, report: { changed: 3 } } as const;

  it('is that of a mass change, also of a stopped one', () => {
    expect(undoableOperation(job)).toBe(7);
    expect(undoableOperation({ ...job, state: 'cancelled' })).toBe(7);
    expect(undoableOperation({ ...job, state: 'failed' })).toBe(7);
    expect(undoableOperation({ ...job, kind: 'merge_duplicates', report: { merged: 2, gone: 3 } })).toBe(7);
  });

  it('is none where nothing was changed', () => {
    expect(undoableOperation({ ...job, report: { changed: 0 } })).toBeNull();
    expect(undoableOperation({ ...job, report: null })).toBeNull();
    expect(undoableOperation({ ...job, kind: 'undo', report: { undone: 3 } })).toBeNull();
  });
});

describe('keptOperation', () => {
  it('is that whose undo left something', () => {
    expect(keptOperation({ kind: 'undo', state: 'done', report: { undoes: 7, kept_count: 2 } })).toBe(7);
    expect(keptOperation({ kind: 'undo', state: 'done', report: { undoes: 7, kept_count: 0 } })).toBeNull();
    expect(keptOperation({ kind: 'bulk', state: 'done', report: { undoes: 7, kept_count: 2 } })).toBeNull();
  });
});

describe('jobKindKey', () => {
  it('calls a mass change by what it does', () => {
    expect(jobKindKey({ kind: 'bulk', action: 'delete' })).toBe('jobs.kinds.bulk_delete');
    expect(jobKindKey({ kind: 'bulk', action: 'update' })).toBe('jobs.kinds.bulk');
    expect(jobKindKey({ kind: 'import', action: null })).toBe('jobs.kinds.import');
  });
});
