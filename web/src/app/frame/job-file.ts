/** The file that a job reads or writes. */
import { FILE_KINDS } from '@/api/jobs';
import type { ImportHead, Job } from '@/api/types';

/** An export tells its file itself; an import is known by the job it ran last. Null where there is none or it is not known. */
export function jobFile({ id, kind, report }: Pick<Job, 'id' | 'kind' | 'report'>, imports: readonly Pick<ImportHead, 'file_name' | 'job'>[]): string | null {
  if (FILE_KINDS.includes(kind)) return typeof report?.file_name === 'string' ? report.file_name : null;
  if (kind !== 'import' && kind !== 'import_check') return null;
  return imports.find(({ job }) => job?.id === id)?.file_name ?? null;
}
