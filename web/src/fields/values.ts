/** Narrowing of values that came over the wire; a value of another shape counts as empty. */
import type { Address, Channel, FieldValue, Money, RecordReference, StoredFile } from '@/api/types';

export function asText(value: FieldValue): string {
  if (typeof value === 'string') return value;
  return typeof value === 'number' ? String(value) : '';
}

export function asMoney(value: FieldValue): Money | null {
  return isObject(value) && 'amount' in value && 'currency' in value ? value : null;
}

export function asReference(value: FieldValue): RecordReference | null {
  return isObject(value) && 'title' in value && 'type' in value ? value : null;
}

export function asFile(value: FieldValue): StoredFile | null {
  return isObject(value) && 'media_type' in value ? value : null;
}

export function asTexts(value: FieldValue): string[] {
  return Array.isArray(value) ? value.filter((entry): entry is string => typeof entry === 'string') : [];
}

export function asReferences(value: FieldValue): RecordReference[] {
  return entries(value).filter((entry): entry is RecordReference => 'title' in entry);
}

export function asChannels(value: FieldValue): Channel[] {
  return entries(value).filter((entry): entry is Channel => 'kind' in entry && 'value' in entry);
}

export function asAddresses(value: FieldValue): Address[] {
  return entries(value).filter((entry): entry is Address => !('title' in entry) && !('value' in entry));
}

/** Nothing was entered: no value, empty text, empty list. `false` and `0` are values. */
export function isEmptyValue(value: FieldValue): boolean {
  return value === null || value === undefined || value === '' || (Array.isArray(value) && value.length === 0);
}

function isObject(value: FieldValue): value is Money | StoredFile | RecordReference {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function entries(value: FieldValue): (RecordReference | Channel | Address)[] {
  if (!Array.isArray(value)) return [];
  return (value as readonly unknown[]).filter(
    (entry): entry is RecordReference | Channel | Address => typeof entry === 'object' && entry !== null,
  );
}
