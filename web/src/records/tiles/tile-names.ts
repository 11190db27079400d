/** What tiles ask the server for; apart from the rest of the tiles, since every list needs to know. */
import type { ObjectType } from '@/api/types';
import { hoverNames } from '../hover/hover-names';

/** The title, the main fields, and those that decide whether the main ones show. */
export function tileFieldNames(type: Pick<ObjectType, 'fields' | 'title_field' | 'layout'>): string[] {
  const chosen = hoverNames(type.layout.hover);
  const conditions = type.fields.filter((field) => chosen.includes(field.name)).map((field) => field.shown_if ?? '');
  // A word of a condition that is no name of a field asks for nothing.
  const words = conditions.flatMap((condition) => condition.match(/\w+/g) ?? []);
  const wanted = new Set([type.title_field, ...chosen, ...words]);
  return type.fields.filter((field) => !field.is_retired && wanted.has(field.name)).map((field) => field.name);
}
