import type { ImportItem } from '@/api/types';

/** The filter of a list that shows what an import wrote: whatever was changed while it ran. Null before it has run. */
export function importedFilter({ job }: Pick<ImportItem, 'job'>): string | null {
  if (job === null || job.kind !== 'import' || job.started_at === null || job.finished_at === null) return null;
  return `updated_at between ${job.started_at} and ${job.finished_at}`;
}
