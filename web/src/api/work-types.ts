/** The types whose records are work: a change of one makes lists of work stale. */
export const WORK_TYPES: ReadonlySet<string> = new Set(['task', 'deal']);
