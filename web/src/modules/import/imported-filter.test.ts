import { expect, it } from 'vitest';
import type { Job } from '@/api/types';
import { parseFilter } from '@/util/filter-text';
import { importedFilter } from './imported-filter';

const job = { kind: 'import', started_at: '2026-11-22T03:00:00.000Z', finished_at: '2026-11-22T03:04:00.000Z' } as Job;

it('shows what was changed while the import ran, as a condition that chips can show', () => {
  const filter = importedFilter({ job });
  expect(filter).toBe('updated_at between 2026-11-22T03:00:00.000Z and 2026-11-22T03:04:00.000Z');
  expect(parseFilter(filter ?? '')).toHaveLength(1);
});

it('has nothing to show before the import has ended', () => {
  expect(importedFilter({ job: null })).toBeNull();
  expect(importedFilter({ job: { ...job, finished_at: null } })).toBeNull();
  expect(importedFilter({ job: { ...job, kind: 'import_check' } })).toBeNull();
});
