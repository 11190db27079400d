/** With whom a record is shared: a level for everyone, people and teams, to read or to change. */
import type { Field, ObjectType, RecordItem, RecordReference, Values } from '@/api/types';
import { asReferences, asText } from '@/fields/values';

export type SharedFor = 'read' | 'write';

export interface SharedWith {
  record: RecordReference;
  may: SharedFor;
}

export interface Sharing {
  /** What everyone may: a key of the field `visibility`. */
  visibility: string;
  managers: readonly RecordReference[];
  shared: readonly SharedWith[];
}

/** Where people and teams stand, by what they may. */
const FIELDS = {
  user: { read: 'readers', write: 'editors' },
  team: { read: 'reading_teams', write: 'editing_teams' },
} as const;

type Target = keyof typeof FIELDS;

const TARGETS: readonly Target[] = ['user', 'team'];
const WAYS: readonly SharedFor[] = ['write', 'read'];
export const VISIBILITY = 'visibility';
export const MANAGERS = 'managers';

function fieldOf(type: Pick<ObjectType, 'fields'>, name: string): Field | undefined {
  return type.fields.find((field) => field.name === name && !field.is_retired);
}

/** Whether records of a type are shared at all, as far as the reader knows. */
export function isShareable(type: Pick<ObjectType, 'fields'>): boolean {
  return fieldOf(type, VISIBILITY) !== undefined && fieldOf(type, FIELDS.user.read) !== undefined;
}

/** Whether the reader may write a field of it. */
export function maySet(type: Pick<ObjectType, 'fields'>, name: string): boolean {
  const field = fieldOf(type, name);
  return field !== undefined && field.access === 'write' && !field.is_read_only;
}

export function visibilityOptions(type: Pick<ObjectType, 'fields'>) {
  return fieldOf(type, VISIBILITY)?.settings.options?.filter((option) => option.is_retired !== true) ?? [];
}

/** Who stands in a field for writing needs none for reading. */
export function sharingOf(record: Pick<RecordItem, 'values'>): Sharing {
  const shared: SharedWith[] = [];
  for (const target of TARGETS) {
    for (const may of WAYS) {
      for (const one of asReferences(record.values[FIELDS[target][may]])) {
        const isThere = shared.some(({ record: other }) => other.type === one.type && other.id === one.id);
        if (!isThere) shared.push({ record: one, may });
      }
    }
  }
  return { visibility: asText(record.values[VISIBILITY]), managers: asReferences(record.values[MANAGERS]), shared };
}

/** The fields of a sharing, with the references that stand in them. */
export function valuesOf({ visibility, managers, shared }: Sharing): Record<string, string | RecordReference[]> {
  const sets = TARGETS.flatMap((target) =>
    WAYS.map((may): [string, RecordReference[]] => [
      FIELDS[target][may],
      shared.filter((one) => one.may === may && one.record.type === target).map((one) => one.record),
    ]),
  );
  return { [VISIBILITY]: visibility, [MANAGERS]: [...managers], ...Object.fromEntries(sets) };
}

function idsOf(value: string | RecordReference[]): string {
  return typeof value === 'string' ? value : value.map(({ id }) => id).sort((a, b) => a - b).join(',');
}

/** What is written: the fields that are other than before. */
export function changedValues(before: Sharing, after: Sharing): { values: Values; shown: Values } {
  const old = valuesOf(before);
  const changed = Object.entries(valuesOf(after)).filter(([name, value]) => idsOf(old[name] ?? '') !== idsOf(value));
  return {
    values: Object.fromEntries(changed.map(([name, value]) => [name, typeof value === 'string' ? value : value.map(({ id }) => id)])),
    shown: Object.fromEntries(changed),
  };
}

export interface SetsToChange {
  add: Record<string, number[]>;
  remove: Record<string, number[]>;
}

/** For many records at once: into which sets people and teams go, and out of which. Null takes the access away. */
export function setsFor(records: readonly RecordReference[], may: SharedFor | null): SetsToChange {
  const sets: SetsToChange = { add: {}, remove: {} };
  for (const target of TARGETS) {
    const ids = records.filter((record) => record.type === target).map(({ id }) => id);
    if (ids.length === 0) continue;
    for (const way of WAYS) (way === may ? sets.add : sets.remove)[FIELDS[target][way]] = ids;
  }
  return sets;
}
