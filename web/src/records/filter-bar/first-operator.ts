/** What a new condition asks first: what people mean by choosing a field of its kind. */
import type { Field } from '@/api/types';
import { fieldKind } from '@/fields/registry';
import { readOperator, type FilterOperatorName } from '@/util/filter-text';

/** The operators of a field that the page knows, in the order of the catalog. */
export function operatorsOf(field: Field): FilterOperatorName[] {
  return field.operators.map(readOperator).filter((operator) => operator !== undefined);
}

/** The first operator of a field or of a part of it; the catalog may not offer the usual one. */
export function firstOperator(field: Field, part: string | null): FilterOperatorName {
  const kind = fieldKind(field.kind);
  const known = part === null ? undefined : kind.parts?.(field).find((candidate) => candidate.key === part);
  const wanted = known?.firstOperator ?? kind.firstOperator;
  const operators = operatorsOf(field);
  return operators.includes(wanted) ? wanted : (operators[0] ?? 'is_not_empty');
}
