/** The reports of long work in one shape: how many records it reached, and which it did not. */
import type { Job, ProblemParams } from '@/api/types';

/** A record that was left as it was, and why as far as that is told. */
export interface LeftRecord {
  /** Null where the reader may not know, or where an older report does not say. */
  type: string | null;
  id: number | null;
  title: string | null;
  code: string | null;
  params: ProblemParams;
}

export interface JobReport {
  /** What it did with them; null where that goes by the kind of the job. */
  action: Job['action'];
  changed: number;
  /** What stood so already. */
  unchanged: number;
  /** What the job could not change. */
  failed: number;
  /** What an undo left because it was changed later. */
  kept: number;
  /** Of a search for places: addresses that the service does not know, and cards that needed no question. */
  places?: { unknown: number; exact: number; streetless: number };
  /** The first of those that failed or were kept. */
  left: LeftRecord[];
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function readNumber(value: unknown): number {
  return typeof value === 'number' ? value : 0;
}

function readText(value: unknown): string | null {
  return typeof value === 'string' && value !== '' ? value : null;
}

function readLeft(list: unknown, type: string | null): LeftRecord[] {
  if (!Array.isArray(list)) return [];
  const found = list.filter(isRecord).map((entry) => ({
    type: readText(entry.type) ?? type,
    id: typeof entry.id === 'number' ? entry.id : null,
    title: readText(entry.title),
    code: readText(entry.code),
    params: isRecord(entry.params) ? entry.params : {},
  }));
  // An undo names every kept field; here a record is named once.
  return found.filter((entry, index) => entry.id === null || found.findIndex((other) => other.id === entry.id && other.type === entry.type) === index);
}

const PLAIN = { action: null, unchanged: 0 } as const;

/** The text of what a job does: a mass change that only deletes or restores is called so. */
export function jobKindKey({ kind, action }: Pick<Job, 'kind' | 'action'>) {
  return `jobs.kinds.${kind === 'bulk' && (action === 'delete' || action === 'restore') ? (`bulk_${action}` as const) : kind}` as const;
}

/** What a finished job tells of itself; null for jobs that tell it elsewhere (imports, exports) or not at all. */
export function readJobReport({ kind, action, report }: Pick<Job, 'kind' | 'action' | 'report'>): JobReport | null {
  if (report === null) return null;
  switch (kind) {
    case 'bulk':
      return {
        action,
        changed: readNumber(report.changed),
        unchanged: readNumber(report.unchanged),
        failed: readNumber(report.failed_count),
        kept: 0,
        left: readLeft(report.failed, readText(report.type)),
      };
    case 'use_template':
    case 'create_for_each':
      return {
        ...PLAIN,
        changed: readNumber(report.created),
        failed: readNumber(report.failed_count),
        kept: 0,
        left: readLeft(report.failed, readText(report.type)),
      };
    case 'find_places':
      return {
        ...PLAIN,
        changed: readNumber(report.changed),
        failed: readNumber(report.failed_count),
        kept: 0,
        places: { unknown: readNumber(report.not_found), exact: readNumber(report.already_exact), streetless: readNumber(report.without_street) },
        left: readLeft(report.failed, readText(report.type)),
      };
    case 'import_queue':
      return { ...PLAIN, changed: readNumber(report.created) + readNumber(report.updated), failed: readNumber(report.failed), kept: 0, left: [] };
    case 'handover':
      return { ...PLAIN, changed: readNumber(report.changed), failed: readNumber(report.failed_count), kept: 0, left: readLeft(report.failed, null) };
    case 'merge_duplicates':
      return {
        ...PLAIN,
        changed: readNumber(report.merged) + readNumber(report.gone),
        failed: readNumber(report.failed_count),
        kept: 0,
        left: readLeft(report.failed, readText(report.type)),
      };
    case 'undo':
      return { ...PLAIN, changed: readNumber(report.undone), failed: 0, kept: readNumber(report.kept_count), left: readLeft(report.kept, null) };
    default:
      return null;
  }
}

const UNDOABLE: ReadonlySet<Job['kind']> = new Set<Job['kind']>(['bulk', 'import_queue', 'find_places', 'merge_duplicates', 'handover']);

/** The operation of a mass change that did something, so that its end can offer to take it back; an import itself offers that on its page. */
export function undoableOperation(job: Pick<Job, 'kind' | 'action' | 'report' | 'state' | 'operation_id'>): number | null {
  if (!UNDOABLE.has(job.kind) || (readJobReport(job)?.changed ?? 0) === 0) return null;
  return job.operation_id;
}

/** The operation whose undo left something as it was, so that the end of the undo can offer to look at it. */
export function keptOperation({ kind, report, state }: Pick<Job, 'kind' | 'report' | 'state'>): number | null {
  if (kind !== 'undo' || state !== 'done' || report === null || readNumber(report.kept_count) === 0) return null;
  return typeof report.undoes === 'number' ? report.undoes : null;
}
