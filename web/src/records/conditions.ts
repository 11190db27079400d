/** Conditions of fields (`shown_if`, `required_if`) judged over what stands in a form. */
import type { Field, FieldValue, Values } from '@/api/types';
import { asReference, asTexts, isEmptyValue } from '@/fields/values';
import { parseFilter, type FilterCondition } from '@/util/filter-text';

function words(value: FieldValue): string[] {
  if (isEmptyValue(value)) return [];
  const reference = asReference(value);
  if (reference !== null) return [String(reference.id)];
  if (Array.isArray(value)) return asTexts(value);
  return [String(value)];
}

function holds({ field, operator, values }: FilterCondition, record: Values): boolean {
  const own = words(record[field]);
  const isAmong = values.some((value) => own.includes(value.text));
  switch (operator) {
    case '=':
    case 'in':
    case 'has':
      return isAmong;
    case '!=':
    case 'not_in':
    case 'has_not':
      return !isAmong;
    case 'is_empty':
      return own.length === 0;
    case 'is_not_empty':
      return own.length > 0;
    default:
      // The server judges what the page cannot; showing a field too much does no harm.
      return true;
  }
}

/** Whether a condition holds; without one, or with one too rich for the page, it does. */
export function isMet(condition: string | null, values: Values): boolean {
  if (condition === null) return true;
  return parseFilter(condition)?.every((part) => holds(part, values)) ?? true;
}

export function isShown(field: Field, values: Values): boolean {
  return !field.is_retired && isMet(field.shown_if, values);
}

/** The fields of which one is enough: those that a field must be filled in for only while they are empty. */
export function insteadOf(field: Field): string[] {
  if (field.is_required || field.required_if === null) return [];
  return (parseFilter(field.required_if) ?? []).filter(({ operator, part }) => operator === 'is_empty' && part === null).map((part) => part.field);
}

export function isRequired(field: Field, values: Values): boolean {
  return field.is_required || (field.required_if !== null && isMet(field.required_if, values));
}
