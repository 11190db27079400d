/** Types whose records are parts of another record: its comments, its files. */
import { useCatalog } from '@/api/catalog';
import type { ObjectType } from '@/api/types';

/** Whether the records of a type are parts of another record. */
export function isPartType(type: ObjectType): boolean {
  return (type.part_of?.length ?? 0) > 0;
}

/** A type of parts, and its field that names the whole. */
export interface PartOf {
  type: ObjectType;
  field: string;
}

/** The type `name`, if its records may belong to those of `whole`. */
export function usePartType(name: string, whole: ObjectType): PartOf | undefined {
  const type = useCatalog().object_types.find((candidate) => candidate.name === name);
  const field = type?.part_of?.find((part) => type.fields.some((candidate) => candidate.name === part && candidate.settings.target === whole.name));
  return type === undefined || field === undefined ? undefined : { type, field };
}
