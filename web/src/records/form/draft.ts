/** What was typed into a form that is not saved yet; it lives as long as the tab of the browser. */
import type { ObjectType, Section, Values } from '@/api/types';
import { isEmptyValue } from '@/fields/values';
import { dropStored, readStored, writeStored } from '@/util/drafts';
import { parseFilter } from '@/util/filter-text';

/** Which form of whom: the next person at the same tab must not meet what the last one typed. */
export interface DraftOf {
  userId: number;
  type: ObjectType;
  section: Section | undefined;
}

function draftKey({ userId, type, section }: DraftOf): string {
  return `kartoteka.draft.${userId}.${type.name}.${section?.key ?? ''}`;
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

/** What was typed, over what a new form begins with; what the form was opened for stands over both. */
export function readDraft(draft: DraftOf, given: Values = {}): Values {
  const { type, section } = draft;
  const start = startValues(type, section);
  const stored = readStored(draftKey(draft)) as Values | null;
  return stored === null ? { ...start, ...given } : { ...start, ...stored, ...sectionValues(section), ...given };
}

export function writeDraft(draft: DraftOf, values: Values): void {
  writeStored(draftKey(draft), values);
}

export function dropDraft(draft: DraftOf): void {
  dropStored(draftKey(draft));
}
