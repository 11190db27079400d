/** What the pop-up over a name shows. */
import type { Field, ObjectType, Values } from '@/api/types';
import { isEmptyValue } from '@/fields/values';
import { isShown } from '../conditions';

/** Until an administrator chooses. */
export const DEFAULT_HOVER: readonly string[] = ['channels', 'position', 'parent'];

/** The chosen fields, in their order, that the reader sees and that have something to show. */
export function hoverFields(type: Pick<ObjectType, 'fields' | 'title_field'>, chosen: readonly string[], values: Values): Field[] {
  const names = chosen.length > 0 ? chosen : DEFAULT_HOVER;
  return names
    .map((name) => type.fields.find((field) => field.name === name))
    .filter((field) => field !== undefined && field.name !== type.title_field && isShown(field, values) && !isEmptyValue(values[field.name]))
    .filter((field) => field !== undefined);
}
