/** The reference that a form is opened for, as it stands in the address: `parent:42`. */
import type { ObjectType } from '@/api/types';

export interface Belongs {
  field: string;
  id: number;
  /** The type of the record behind the reference. */
  target: string;
}

/** Null if there is none, or if the type has no such reference that may be written. */
export function readBelongs(type: ObjectType | undefined, text: string | undefined): Belongs | null {
  const match = /^(\w+):(\d+)$/.exec(text ?? '');
  const field = type?.fields.find((candidate) => candidate.name === match?.[1]);
  if (match === null || field?.kind !== 'reference' || field.access !== 'write' || field.settings.target === undefined) return null;
  return { field: field.name, id: Number(match[2]), target: field.settings.target };
}
