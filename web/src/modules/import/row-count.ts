import type { ImportHead } from '@/api/types';

export interface RowCount {
  count: number;
  /** Counted row by row; otherwise guessed from the size of the file. */
  isExact: boolean;
}

/** How many rows a file has, as far as that is known: the check and the import count them. */
export function rowCount({ report, check, state, row_estimate: estimate }: Pick<ImportHead, 'report' | 'check' | 'state' | 'row_estimate'>): RowCount | null {
  if (check !== null) return { count: check.read, isExact: true };
  // What was stopped has read a part of the file only.
  if (report !== null && (state === 'done' || state === 'undone')) return { count: report.read, isExact: true };
  return estimate === null ? null : { count: estimate, isExact: false };
}

/** Something was read before an import was stopped or broke off; otherwise there is no report worth a table. */
export function hasResults({ report }: Pick<ImportHead, 'report'>): boolean {
  return report !== null && report.read > 0;
}
