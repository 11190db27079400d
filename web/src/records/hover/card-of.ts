/** Whose names are shown by a card of another type: of a user that is the contact which names him, and no other may. */
import type { Field, ObjectType } from '@/api/types';

export interface CardOf {
  type: ObjectType;
  /** The field of that type that names the one whose card it is. */
  field: Field;
}

/** The type whose records are the cards of records of `name`, if there is one. */
export function cardOf(types: readonly ObjectType[], name: string): CardOf | undefined {
  for (const type of types.filter((candidate) => !candidate.is_system)) {
    const field = type.fields.find(({ kind, settings, is_retired: isRetired }) => kind === 'reference' && settings.is_unique === true && settings.target === name && !isRetired);
    if (field !== undefined) return { type, field };
  }
  return undefined;
}
