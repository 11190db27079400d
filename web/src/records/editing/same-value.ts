import type { FieldValue } from '@/api/types';
import { asReference, asReferences, isEmptyValue } from '@/fields/values';

/** Records are compared by their id: a title may have changed meanwhile without being edited. */
function plain(value: FieldValue): unknown {
  if (isEmptyValue(value)) return null;
  const reference = asReference(value);
  if (reference !== null) return reference.id;
  const references = asReferences(value);
  return references.length > 0 ? references.map((entry) => entry.id) : value;
}

/** Nothing would change by saving. */
export function isSameValue(before: FieldValue, after: FieldValue): boolean {
  return JSON.stringify(plain(before)) === JSON.stringify(plain(after));
}

/** References are written by id; an entry of a list without a value was never filled in. */
export function toWrite(value: FieldValue): FieldValue {
  const reference = asReference(value);
  if (reference !== null) return reference.id;
  if (!Array.isArray(value)) return value ?? null;
  const entries = value as readonly (string | number | object)[];
  return entries
    .filter((entry) => !(typeof entry === 'object' && 'kind' in entry && 'value' in entry && entry.value === ''))
    .map((entry) => (typeof entry === 'object' && 'title' in entry && 'id' in entry ? (entry.id as number) : entry)) as FieldValue;
}
