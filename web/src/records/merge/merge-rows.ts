/** What a merge shows of the fields: which differ, and whose value stands. */
import type { Field, MergeField, ObjectType, RecordItem } from '@/api/types';
import { isEmptyValue } from '@/fields/values';
import { isSameValue } from '../editing/same-value';

export interface MergeRow {
  field: Field;
  /** The records say different things, or more together than one alone. */
  differs: boolean;
  isConflict: boolean;
  /** Whose value stands can be chosen: one may write it. */
  isOpen: boolean;
  /** Many values that can stand together. */
  isMany: boolean;
}

const MANY: ReadonlySet<string> = new Set(['channels', 'addresses', 'choice_set', 'reference_set']);

/** The fields that any of the records fills, in the order of the card, those that differ first. */
export function mergeRows(type: ObjectType, records: readonly RecordItem[]): MergeRow[] {
  const rows = type.fields
    .filter((field) => !field.is_read_only && field.group !== 'system')
    .map((field): MergeRow | null => {
      const filled = records.map((record) => record.values[field.name]).filter((value) => !isEmptyValue(value));
      if (filled.length === 0) return null;
      const isEqual = filled.every((value) => isSameValue(value, filled[0]));
      const isMany = MANY.has(field.kind);
      return { field, isMany, isOpen: field.access === 'write', isConflict: !isEqual && !isMany, differs: !isEqual || filled.length < records.length };
    })
    .filter((row) => row !== null);
  return [...rows.filter((row) => row.differs), ...rows.filter((row) => !row.differs)];
}

/** Whether it has a value that only one record may have and that one may not write: it can only be the one that stays. */
function mustStay(type: ObjectType, { values }: RecordItem): boolean {
  return type.fields.some((field) => field.access === 'read' && field.settings.is_unique === true && !isEmptyValue(values[field.name]));
}

/** The record that is offered to stay: one that has to, else the one that says most, the older of equals. */
export function fullest(type: ObjectType, records: readonly RecordItem[]): RecordItem | undefined {
  const weight = ({ values }: RecordItem): number =>
    Object.values(values).reduce<number>((sum, value) => sum + (isEmptyValue(value) ? 0 : Array.isArray(value) ? 1 + value.length : 1), 0);
  return [...records].sort((one, two) => Number(mustStay(type, two)) - Number(mustStay(type, one)) || weight(two) - weight(one) || one.id - two.id)[0];
}

/** Whose value stands in a field: what was chosen, else what the server would take; null while nobody knows, or for all together. */
export function standing(field: string, choices: Readonly<Record<string, number>>, planned: readonly MergeField[]): number | null {
  return choices[field] ?? planned.find((candidate) => candidate.field === field)?.from ?? null;
}
