/** By what a record is done, and whether it is late. */
import type { Field, FieldValue, ObjectType, RecordItem, Values } from '@/api/types';
import { asText } from '@/fields/values';
import { isMet } from '../conditions';

/** What an option means while its record has to be done. */
const OPEN = 'open';

/** The meaning of a value of a choice field: `open`, `won`; null for one without. */
export function meaningOf(field: Pick<Field, 'settings'>, value: FieldValue): string | null {
  return field.settings.options?.find((option) => option.key === value)?.meaning ?? null;
}

/** The field with the tick of a type; undefined for types whose records are never done. */
export function doneField(type: ObjectType): Field | undefined {
  return type.fields.find((field) => field.name === type.done_by);
}

export function isDone(field: Field, value: FieldValue): boolean {
  return field.kind === 'checkbox' ? value === true : (meaningOf(field, value) ?? OPEN) !== OPEN;
}

/** What the tick writes: the first option that is offered and means it. */
export function doneValue(field: Field, done: boolean): FieldValue {
  if (field.kind === 'checkbox') return done;
  const option = field.settings.options?.find((candidate) => candidate.is_retired !== true && (candidate.meaning === OPEN) !== done);
  return option?.key ?? null;
}

/** The values with what their options mean, as conditions name it: `status.meaning`. */
export function withMeanings(type: ObjectType, values: Values): Values {
  const meanings = type.fields
    .filter((field) => field.kind === 'choice' && (field.settings.meanings?.length ?? 0) > 0)
    .map((field) => [`${field.name}.meaning`, meaningOf(field, values[field.name])] as const);
  return meanings.length === 0 ? values : { ...values, ...Object.fromEntries(meanings) };
}

/** Whether the moment or the day in a field has passed and should not have. */
export function isOverdue(type: ObjectType, field: Field, record: Pick<RecordItem, 'values'>, now: Date = new Date()): boolean {
  const text = asText(record.values[field.name]);
  if (field.overdue_if == null || text === '') return false;
  // A day is over when the next one has begun here.
  const end = field.kind === 'date' ? new Date(`${text}T23:59:59.999`) : new Date(text);
  return end < now && isMet(field.overdue_if, withMeanings(type, record.values));
}

/** The fields that a list asks for so that it knows what is done and late. */
export function stateFields(type: ObjectType): string[] {
  const asked = type.fields.filter((field) => field.overdue_if != null).flatMap((field) => [field.name, ...namesIn(field.overdue_if ?? '')]);
  const known = new Set(type.fields.map((field) => field.name));
  return [...new Set([...asked, type.done_by ?? ''])].filter((name) => known.has(name));
}

function namesIn(condition: string): string[] {
  return condition.match(/[a-z][a-z0-9_]*/g) ?? [];
}
