/** Recognises the condition that a list carries after an import, to name it by its file. */
import type { ImportHead } from '@/api/types';
import type { FilterCondition } from '@/util/filter-text';

const INSTANT = /^\d{4}-\d{2}-\d{2}T/;

/** Whether the condition asks for what was changed from one moment to another, as the report of an import does. */
export function asksForMoments({ field, operator, values }: FilterCondition): boolean {
  return field === 'updated_at' && operator === 'between' && values.length === 2 && values.every((value) => INSTANT.test(value.text));
}

/** The import that ran in just those moments. */
export function importOf(condition: FilterCondition, imports: readonly Pick<ImportHead, 'file_name' | 'job'>[]): Pick<ImportHead, 'file_name' | 'job'> | null {
  if (!asksForMoments(condition)) return null;
  const [from, to] = condition.values.map((value) => Date.parse(value.text));
  const isRun = ({ job }: Pick<ImportHead, 'job'>): boolean =>
    job?.kind === 'import' && Date.parse(job.started_at ?? '') === from && Date.parse(job.finished_at ?? '') === to;
  return imports.find(isRun) ?? null;
}
