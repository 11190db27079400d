/** With whom a record is shared: a level for everyone, people and teams, to read or to change. */
import type { Field, FieldValue, ObjectType, RecordItem, RecordReference, Values } from '@/api/types';
import { asReference, asReferences, asText } from '@/fields/values';

export type SharedFor = 'read' | 'write';

export interface SharedWith {
  record: RecordReference;
  may: SharedFor;
}

export interface Sharing {
  /** What everyone may: a key of the field `visibility`. */
  visibility: string;
  /** Whose it is: managers, or the one who is responsible. */
  owners: readonly RecordReference[];
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
const OWNER_FIELDS: readonly string[] = ['managers', 'responsible'];

function fieldOf(type: Pick<ObjectType, 'fields'>, name: string): Field | undefined {
  return type.fields.find((field) => field.name === name && !field.is_retired);
}

/** The field that says whose a record is, if its type has one; a reference names one, a set several. */
export function ownerField(type: Pick<ObjectType, 'fields'>): Field | undefined {
  return OWNER_FIELDS.map((name) => fieldOf(type, name)).find((field) => field !== undefined);
}

export function hasOneOwner(field: Field | undefined): boolean {
  return field?.kind === 'reference';
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

function ownersOf(record: Pick<RecordItem, 'values'>, owner: Field | undefined): readonly RecordReference[] {
  const value = record.values[owner?.name ?? ''];
  const one = asReference(value);
  return one === null ? asReferences(value) : [one];
}

/** Who stands in a field for writing needs none for reading. */
export function sharingOf(record: Pick<RecordItem, 'values'>, owner: Field | undefined): Sharing {
  const shared: SharedWith[] = [];
  for (const target of TARGETS) {
    for (const may of WAYS) {
      for (const one of asReferences(record.values[FIELDS[target][may]])) {
        const isThere = shared.some(({ record: other }) => other.type === one.type && other.id === one.id);
        if (!isThere) shared.push({ record: one, may });
      }
    }
  }
  return { visibility: asText(record.values[VISIBILITY]), owners: ownersOf(record, owner), shared };
}

/** The fields of a sharing, with the references that stand in them. */
function valuesOf({ visibility, owners, shared }: Sharing, owner: Field | undefined): Record<string, string | RecordReference[]> {
  const sets = TARGETS.flatMap((target) =>
    WAYS.map((may): [string, RecordReference[]] => [
      FIELDS[target][may],
      shared.filter((one) => one.may === may && one.record.type === target).map((one) => one.record),
    ]),
  );
  const named: [string, RecordReference[]][] = owner === undefined ? [] : [[owner.name, [...owners]]];
  return { [VISIBILITY]: visibility, ...Object.fromEntries([...named, ...sets]) };
}

function idsOf(value: string | RecordReference[]): string {
  return typeof value === 'string' ? value : value.map(({ id }) => id).sort((a, b) => a - b).join(',');
}

/** What is written: the fields that are other than before. */
export function changedValues(before: Sharing, after: Sharing, owner: Field | undefined): { values: Values; shown: Values } {
  const old = valuesOf(before, owner);
  const changed = Object.entries(valuesOf(after, owner)).filter(([name, value]) => idsOf(old[name] ?? '') !== idsOf(value));
  const values: Record<string, FieldValue> = {};
  const shown: Record<string, FieldValue> = {};
  for (const [name, value] of changed) {
    const isOne = name === owner?.name && hasOneOwner(owner);
    shown[name] = isOne ? (value[0] ?? null) : value;
    values[name] = typeof value === 'string' ? value : isOne ? (value[0]?.id ?? null) : value.map(({ id }) => id);
  }
  return { values, shown };
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
