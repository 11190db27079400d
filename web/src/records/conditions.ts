/** Conditions of fields and blocks (`shown_if`, `required_if`) judged over what stands in a form. */
import type { Field, FieldValue, Values } from '@/api/types';
import { asAddresses, asChannels, asReference, asReferences, asTexts, isEmptyValue } from '@/fields/values';
import { splitFilter } from '@/util/filter-parts';
import { parseFilter, type FilterCondition } from '@/util/filter-text';

function words(value: FieldValue, part: string | null): string[] {
  if (isEmptyValue(value)) return [];
  const reference = asReference(value);
  if (reference !== null) return [String(reference.id)];
  if (!Array.isArray(value)) return [String(value)];
  const channels = asChannels(value).filter((channel) => channel.value !== '' && (part === null || channel.kind === part));
  const addresses = asAddresses(value).flatMap((address) => Object.entries(address).filter(([key, text]) => (part === null || key === part) && typeof text === 'string' && text !== ''));
  return [
    ...asTexts(value),
    ...asReferences(value).map((record) => String(record.id)),
    ...channels.map((channel) => channel.value),
    ...addresses.map(([, text]) => String(text)),
  ];
}

function holds({ field, part, operator, values }: FilterCondition, record: Values): boolean {
  // A part that has a value of its own stands beside the fields: what an option means.
  const own = part !== null && `${field}.${part}` in record ? words(record[`${field}.${part}`], null) : words(record[field], part);
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
    case 'has_all':
      return values.every((value) => own.includes(value.text));
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
export function isMet(condition: string | null | undefined, values: Values): boolean {
  if (condition === null || condition === undefined || condition.trim() === '') return true;
  const conditions = parseFilter(condition);
  if (conditions !== null) return conditions.every((part) => holds(part, values));
  const split = splitFilter(condition);
  if (split === null) return true;
  const isPartMet = (part: string): boolean => isMet(part, values);
  return split.word === 'or' ? split.parts.some(isPartMet) : split.parts.every(isPartMet);
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
