/** An explanation of the server, made ready for reading: flat where nesting says nothing, without what is noise. */
import type { Explanation } from '@/api/sets';
import { readCondition } from '@/util/filter-json';
import type { FilterCondition } from '@/util/filter-text';

export type Verdict =
  | { kind: 'condition'; holds: boolean; condition: FilterCondition }
  | { kind: 'all' | 'any' | 'none'; holds: boolean; parts: Verdict[] };

/** `field` is that of the sets: asked for "put in by hand" beside the rule of the same set, it tells nothing when nobody was. */
export function readVerdict(explanation: Explanation, field: string): Verdict | null {
  const { holds, and, or, not, condition } = explanation;
  if (condition !== undefined) {
    const read = readCondition(condition);
    return read === null ? null : { kind: 'condition', holds, condition: read };
  }
  if (and !== undefined) return joined('all', holds, parts(and, field));
  if (or !== undefined) {
    const isNoise = (part: Explanation): boolean => !part.holds && part.condition?.field === field && part.condition.op === 'has';
    const told = or.filter((part) => !isNoise(part));
    return joined('any', holds, parts(told.length === 0 ? or : told, field));
  }
  if (not !== undefined) {
    const inner = readVerdict(not, field);
    if (inner === null) return null;
    if (inner.kind === 'condition' && inner.condition.operator === 'has') {
      return { kind: 'condition', holds, condition: { ...inner.condition, operator: 'has_not' } };
    }
    return { kind: 'none', holds, parts: [inner] };
  }
  return null;
}

function parts(explanations: readonly Explanation[], field: string): Verdict[] {
  return explanations.map((part) => readVerdict(part, field)).filter((part) => part !== null);
}

/** One part stands for itself; "any of" within "any of" is one list. */
function joined(kind: 'all' | 'any', holds: boolean, own: Verdict[]): Verdict | null {
  const flat = own.flatMap((part) => (part.kind === kind ? part.parts : [part]));
  const [only] = flat;
  if (only === undefined) return null;
  return flat.length === 1 ? only : { kind, holds, parts: flat };
}
