/** What a new condition asks first: what people mean by choosing a field of its kind. */
import type { Field } from '@/api/types';
import type { FieldPart } from '@/fields/field-ui';
import { fieldKind } from '@/fields/registry';
import { readOperator, type FilterOperatorName } from '@/util/filter-text';

/** Of a set one asks what is in it: "is" would read like "is nothing but". The language has no word for "has none of", only `not`. */
const OF_A_SET = ['has', 'has_not', 'has_all', 'is_empty', 'is_not_empty'] as const satisfies readonly FilterOperatorName[];

function partOf(field: Field, part: string | null): FieldPart | undefined {
  return part === null ? undefined : fieldKind(field.kind).parts?.(field).find((candidate) => candidate.key === part);
}

/** The operators of a field or of a part of it that the page knows, in the order of the catalog. */
export function operatorsOf(field: Field, part: string | null = null): FilterOperatorName[] {
  const ofPart = partOf(field, part)?.operators;
  if (ofPart !== undefined) return [...ofPart];
  const known = field.operators.map(readOperator).filter((operator) => operator !== undefined);
  if (!known.includes('has')) return known;
  return OF_A_SET.filter((operator) => operator === 'has_not' || known.includes(operator));
}

/** The first operator of a field or of a part of it; the catalog may not offer the usual one. */
export function firstOperator(field: Field, part: string | null): FilterOperatorName {
  const kind = fieldKind(field.kind);
  const wanted = partOf(field, part)?.firstOperator ?? kind.firstOperator;
  const operators = operatorsOf(field, part);
  return operators.includes(wanted) ? wanted : (operators[0] ?? 'is_not_empty');
}
