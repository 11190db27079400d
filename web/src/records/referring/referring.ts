/** Which records name the one whose card is open: the tasks of a client, the deals of a company. */
import type { Field, ObjectType } from '@/api/types';
import { doneField } from '../done/done';
import { stateField } from './states';
import { isPartType } from '../part-type';

export interface Referring {
  type: ObjectType;
  field: Field;
  /** The field that names a set of the records, as a group of contacts: what it says holds for each of its members. */
  ofSets?: Field;
}

/** The types with a section of their own whose records name records of `target`, each by its first such field. */
export function referringTo(types: readonly ObjectType[], target: ObjectType): Referring[] {
  return types
    .filter((type) => type.name !== target.name && !type.is_system && !isPartType(type) && type.permissions.see)
    .flatMap((type) => {
      const field = type.fields.find(
        (candidate) =>
          (candidate.kind === 'reference' || candidate.kind === 'reference_set') &&
          candidate.settings.target === target.name &&
          candidate.is_filterable &&
          !candidate.is_retired,
      );
      if (field === undefined) return [];
      const sets = setType(types, target);
      const ofSets = type.fields.find((candidate) => candidate.kind === 'reference' && candidate.settings.target === sets?.name && candidate.is_filterable && !candidate.is_retired);
      return [ofSets === undefined ? { type, field } : { type, field, ofSets }];
    });
}

/** The type whose records are sets of records of `target`. */
export function setType(types: readonly ObjectType[], target: ObjectType): ObjectType | undefined {
  return types.find(({ members }) => members?.type === target.name);
}

/** Whose records are looked for. */
export interface Named {
  id: number;
  /** The sets that it belongs to, in any order. */
  sets: readonly number[];
}

/** The filter of those that name a record, or a set that it belongs to. */
export function filterOf({ field, ofSets }: Referring, { id, sets }: Named): string {
  const own = field.kind === 'reference' ? `${field.name} = ${id}` : `${field.name} has ${id}`;
  return ofSets === undefined || sets.length === 0 ? own : `(${own} or ${ofSets.name} in (${sets.toSorted((a, b) => a - b).join(', ')}))`;
}

/** The filter of those among them that are as far as `meaning` says; of a tick, open are those without it. */
export function filterOfState(referring: Referring, named: Named, meaning: string | null): string {
  const all = filterOf(referring, named);
  const state = stateField(referring.type);
  if (meaning === null) return all;
  if (state !== undefined) return `${all} and ${state.name}.meaning = ${meaning}`;
  const done = doneField(referring.type);
  return done === undefined ? all : `${all} and ${done.name} = ${meaning === 'open' ? 'false' : 'true'}`;
}

/** What stands beside the title: the moment or day that may be late, else how far it is. */
export function noteField(type: ObjectType): Field | undefined {
  return type.fields.find((field) => field.overdue_if != null) ?? stateField(type);
}
