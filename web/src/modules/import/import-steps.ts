/** The steps of the wizard and which of them an import allows; the import itself holds the state, the address only a wish. */
import type { ImportItem, ImportState } from '@/api/types';

export type ImportStep = 'columns' | 'check' | 'result';

/** Records of address books have fixed columns, so there is nothing to match. */
export function stepsOf(item: Pick<ImportItem, 'kind'>): ImportStep[] {
  return item.kind === 'vcard' ? ['check', 'result'] : ['columns', 'check', 'result'];
}

const STARTED: readonly ImportState[] = ['running', 'done', 'failed', 'cancelled', 'undone'];

type Progress = Pick<ImportItem, 'kind' | 'state'>;

/** Rows may have been written: the settings are history. */
function hasStarted(item: Progress): boolean {
  return STARTED.includes(item.state);
}

/** The step an import stands at by itself. */
export function reachedStep(item: Progress): ImportStep {
  if (hasStarted(item)) return 'result';
  return item.state === 'mapping' && item.kind !== 'vcard' ? 'columns' : 'check';
}

/** Steps that may be opened now: what lies before the reached one, until rows are written. */
export function openSteps(item: Progress): ImportStep[] {
  if (hasStarted(item)) return ['result'];
  const steps = stepsOf(item);
  return steps.slice(0, steps.indexOf(reachedStep(item)) + 1);
}

/** The step to draw: the wish of the address if the import allows it. */
export function shownStep(item: Progress, wish: string | undefined): ImportStep {
  return openSteps(item).find((step) => step === wish) ?? reachedStep(item);
}
