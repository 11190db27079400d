import type { FieldValue } from '@/api/types';

/**
 * What one side of a change shows: of a list only the entries that the other side has not, each by itself, so that
 * one new phone among ten is seen; of anything else the value.
 */
export function shownParts(value: FieldValue, other: FieldValue): FieldValue[] {
  if (!Array.isArray(value)) return [value];
  const known = new Set(Array.isArray(other) ? (other as readonly unknown[]).map((entry) => JSON.stringify(entry)) : []);
  const own = (value as readonly unknown[]).filter((entry) => !known.has(JSON.stringify(entry)));
  return own.length === 0 ? [null] : own.map((entry) => [entry] as FieldValue);
}
