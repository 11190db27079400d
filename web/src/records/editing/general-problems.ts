import { pointerTokens } from '@/api/errors';
import type { Field, FieldProblem } from '@/api/types';

/** Problems of the field as a whole; those of one row of it are shown at the row. */
export function generalProblems(field: Field, problems: readonly FieldProblem[]): FieldProblem[] {
  if (field.kind !== 'channels' && field.kind !== 'addresses') return [...problems];
  return problems.filter((problem) => pointerTokens(problem.pointer)[1] === undefined);
}
