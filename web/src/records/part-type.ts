/** Types whose records are parts of another record: its comments, its files. */
import { useCatalog } from '@/api/catalog';
import type { ObjectType } from '@/api/types';

/** Whether the records of a type are parts of another record (by their field `record`). */
export function isPartType(type: ObjectType): boolean {
  return type.fields.some((field) => field.name === 'record' && field.kind === 'reference');
}

/** The type `name`, if its records may belong to those of `whole` (by their field `record`). */
export function usePartType(name: string, whole: ObjectType): ObjectType | undefined {
  const type = useCatalog().object_types.find((candidate) => candidate.name === name);
  return type?.fields.some((field) => field.name === 'record' && field.settings.target === whole.name) === true ? type : undefined;
}
