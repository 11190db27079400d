/** Which records can be made from a title alone, in the field that looks for one. */
import type { Field, ObjectType } from '@/api/types';
import { parseFilter } from '@/util/filter-text';

/** The reader may create them, they need nothing else, and what they are by default may stand in the field. */
export function isMadeByTitle(type: ObjectType, targetFilter: string | null | undefined): boolean {
  const title = type.fields.find((field) => field.name === type.title_field);
  if (!type.permissions.create || title === undefined || title.is_read_only || title.access !== 'write' || title.kind !== 'text') return false;
  const others = type.fields.filter((field) => field !== title && !field.is_retired);
  if (others.some((field) => field.is_required && !field.is_read_only && field.default === null)) return false;
  return meetsByDefault(others, targetFilter ?? '');
}

/** A filter richer than "is this" is not judged here: then nothing is offered. */
function meetsByDefault(fields: readonly Field[], filter: string): boolean {
  const conditions = parseFilter(filter);
  return conditions?.every(({ field, operator, values }) => operator === '=' && fields.find((one) => one.name === field)?.default === values[0]?.text) ?? false;
}

/** Nothing of this title is there yet, whatever the case of its letters. */
export function isNewTitle(title: string, found: readonly { title: string }[]): boolean {
  const plain = (text: string): string => text.trim().replace(/\s+/g, ' ').toLowerCase();
  return plain(title) !== '' && !found.some((record) => plain(record.title) === plain(title));
}
