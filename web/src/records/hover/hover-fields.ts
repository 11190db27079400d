/** What the pop-up over a name shows. */
import type { Field, ObjectType, Values } from '@/api/types';
import { isEmptyValue } from '@/fields/values';
import { isShown } from '../conditions';
import { hoverNames } from './hover-names';

/** The chosen fields, in their order, that the reader sees and that have something to show. */
export function hoverFields(type: Pick<ObjectType, 'fields' | 'title_field'>, chosen: readonly string[], values: Values): Field[] {
  return hoverNames(chosen)
    .map((name) => type.fields.find((field) => field.name === name))
    .filter((field) => field !== undefined && field.name !== type.title_field && isShown(field, values) && !isEmptyValue(values[field.name]))
    .filter((field) => field !== undefined);
}
