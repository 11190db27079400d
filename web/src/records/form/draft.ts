/** What was typed into a form that is not saved yet; it lives as long as the tab of the browser. */
import type { ObjectType, RecordReference, Section, Values } from '@/api/types';
import { isEmptyValue } from '@/fields/values';
import { dropStored, readStored, writeStored } from '@/util/drafts';
import { forNewRecord } from './offered';
import { parseFilter, type FilterValue } from '@/util/filter-text';

/** Which form of whom: the next person at the same tab must not meet what the last one typed. */
export interface DraftOf {
  userId: number;
  /** As a reference names him. */
  user?: RecordReference;
  type: ObjectType;
  section: Section | undefined;
}

function draftKey({ userId, type, section }: DraftOf): string {
  return `kartoteka.draft.${userId}.${type.name}.${section?.key ?? ''}`;
}

/** What stands for somebody or some time, whoever reads it whenever. */
function isOfReader(value: FilterValue | undefined): boolean {
  return value?.form === 'bare' && /^(me|my_people|my_teams|now|today)\b/.test(value.text);
}

/** The values that make a new record belong to its section: `kind = company`. */
export function sectionValues(section: Section | undefined): Values {
  const conditions = parseFilter(section?.filter ?? '') ?? [];
  return Object.fromEntries(
    conditions.filter(({ operator, part, values }) => operator === '=' && part === null && !isOfReader(values[0])).map(({ field, values }) => [field, values[0]?.text]),
  );
}

/** A form that nobody has touched: what the server would fill in by itself, and what the section says. */
export function startValues(type: ObjectType, section: Section | undefined, user?: RecordReference): Values {
  const defaults = type.fields.map(forNewRecord).filter((field) => !isEmptyValue(field.default)).map((field) => [field.name, field.default] as const);
  // Who makes a record answers for it, until he names somebody else.
  const keepers = type.fields.filter((field) => field.kind === 'reference' && field.settings.target === 'user' && field.is_required && !field.is_read_only);
  const own = user === undefined ? [] : keepers.map((field) => [field.name, user] as const);
  return { ...Object.fromEntries(defaults), ...Object.fromEntries(own), ...sectionValues(section) };
}

/** What was typed, over what a new form begins with; what the form was opened for stands over both. */
export function readDraft(draft: DraftOf, given: Values = {}): Values {
  const { type, section } = draft;
  const start = startValues(type, section, draft.user);
  const stored = readStored(draftKey(draft)) as Values | null;
  return stored === null ? { ...start, ...given } : { ...start, ...stored, ...sectionValues(section), ...given };
}

export function writeDraft(draft: DraftOf, values: Values): void {
  writeStored(draftKey(draft), values);
}

export function dropDraft(draft: DraftOf): void {
  dropStored(draftKey(draft));
}
