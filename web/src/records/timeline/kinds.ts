/** What may stand on the timeline of a type: the catalog says which types do, and which a fresh timeline shows. */
import { CHANGE_KIND } from '@/api/timeline';
import type { Field, ObjectType } from '@/api/types';
import { isPartType } from '../part-type';

export interface TimelineKind {
  /** The name of the type, or that of changes. */
  name: string;
  /** Null for the changes of the record's own fields. */
  type: ObjectType | null;
  /** Whether it is shown until the reader says otherwise. */
  isShown: boolean;
}

/** What was chosen against what is shown by itself, by the name of the kind. */
export type ChangedKinds = Readonly<Record<string, boolean>>;

const CATEGORY = 'category';

/** The reference by which records of `type` stand on the timelines of `target`. */
export function timelineField(type: ObjectType, target: ObjectType): Field | undefined {
  return type.fields.find((field) => field.timeline != null && !field.is_retired && field.settings.target === target.name);
}

/** The kinds of the timeline of a type: notes first, what is only shown on request last. Empty where nothing but changes could stand. */
export function kindsOf(types: readonly ObjectType[], target: ObjectType): TimelineKind[] {
  const kinds = types.flatMap((type) => {
    const field = type.permissions.see ? timelineField(type, target) : undefined;
    return field === undefined ? [] : [{ name: type.name, type, isShown: field.timeline === 'shown' }];
  });
  if (kinds.length === 0) return [];
  const rank = (kind: { type: ObjectType; isShown: boolean }): number => (kind.isShown ? 0 : 2) + (isPartType(kind.type) ? 0 : 1);
  return [...kinds.sort((one, other) => rank(one) - rank(other)), { name: CHANGE_KIND, type: null, isShown: false }];
}

export function isChosen(kind: TimelineKind, changed: ChangedKinds): boolean {
  return changed[kind.name] ?? kind.isShown;
}

/** The choices by which entries can be told apart, all of them by their keys. */
export function categoriesOf(kinds: readonly TimelineKind[]): { key: string; field: Field }[] {
  const found = new Map<string, Field>();
  for (const { type } of kinds) {
    const field = categoryField(type);
    for (const option of field?.settings.options ?? []) {
      if (field !== undefined && option.is_retired !== true && !found.has(option.key)) found.set(option.key, field);
    }
  }
  return [...found].map(([key, field]) => ({ key, field }));
}

export function categoryField(type: ObjectType | null): Field | undefined {
  return type?.fields.find((field) => field.name === CATEGORY && field.kind === 'choice' && !field.is_retired);
}

/** What an entry tells beside its title: how far it is, for how much, until when, by whom. */
export function factFields(type: ObjectType): Field[] {
  const isFact = (field: Field): boolean =>
    field.kind === 'money' || field.overdue_if != null || (field.kind === 'choice' && (field.settings.meanings?.length ?? 0) > 0) || field.kind === 'file';
  return type.fields.filter((field) => isFact(field) && !field.is_retired && (type.default_columns.includes(field.name) || field.overdue_if != null));
}
