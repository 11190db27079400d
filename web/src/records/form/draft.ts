/** What was typed into a form that is not saved yet; it lives as long as the tab of the browser. */
import type { ObjectType, Section, Values } from '@/api/types';
import { isEmptyValue } from '@/fields/values';
import { parseFilter } from '@/util/filter-text';

function draftKey(type: ObjectType, section: Section | undefined): string {
  return `kartoteka.draft.${type.name}.${section?.key ?? ''}`;
}

/** The values that make a new record belong to its section: `kind = company`. */
export function sectionValues(section: Section | undefined): Values {
  const conditions = parseFilter(section?.filter ?? '') ?? [];
  return Object.fromEntries(
    conditions.filter(({ operator, part }) => operator === '=' && part === null).map(({ field, values }) => [field, values[0]?.text]),
  );
}

/** A form that nobody has touched: what the server would fill in by itself, and what the section says. */
export function startValues(type: ObjectType, section: Section | undefined): Values {
  const defaults = type.fields.filter((field) => !isEmptyValue(field.default)).map((field) => [field.name, field.default] as const);
  return { ...Object.fromEntries(defaults), ...sectionValues(section) };
}

export function readDraft(type: ObjectType, section: Section | undefined): Values {
  const start = startValues(type, section);
  const stored = sessionStorage.getItem(draftKey(type, section));
  if (stored === null) return start;
  try {
    return { ...start, ...(JSON.parse(stored) as Values), ...sectionValues(section) };
  } catch {
    return start;
  }
}

export function writeDraft(type: ObjectType, section: Section | undefined, values: Values): void {
  sessionStorage.setItem(draftKey(type, section), JSON.stringify(values));
}

export function dropDraft(type: ObjectType, section: Section | undefined): void {
  sessionStorage.removeItem(draftKey(type, section));
}
