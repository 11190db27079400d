import { useMemo } from 'react';
import { useCatalog } from '@/api/catalog';
import type { Field, ObjectType, RecordReference, Values } from '@/api/types';
import { withMeanings } from '../done/done';
import { useSetIds } from './use-set-ids';

/** The first field that names sets of these records and that a condition of the card asks about. */
function askedSets(type: ObjectType, types: readonly ObjectType[]): Field | undefined {
  const conditions = [...type.fields.flatMap((field) => [field.shown_if, field.required_if]), ...type.layout.blocks.map((block) => block.shown_if)];
  return type.fields.find((field) => {
    const isOfSets = types.some((other) => other.name === field.settings.target && other.members?.type === type.name && other.members.field === field.name);
    return isOfSets && conditions.some((condition) => new RegExp(`\\b${field.name}\\b`).test(condition ?? ''));
  });
}

/**
 * The values that conditions of fields and blocks are judged over: who is in a set is in those above it, too, and a saved record is in those that its
 * rules say; what an option means stands beside it. The values themselves where no condition asks about sets and no option means anything. `id` is null for a record that is not saved yet.
 */
export function useValuesWithSets(type: ObjectType, values: Values, id: number | null): Values {
  const { object_types: types } = useCatalog();
  const field = useMemo(() => askedSets(type, types), [type, types]);
  const sets = useSetIds(type, field, values, id);
  return useMemo(() => {
    if (field === undefined) return withMeanings(type, values);
    const references: RecordReference[] = sets.map((set) => ({ id: set, title: '', type: field.settings.target ?? '' }));
    return withMeanings(type, { ...values, [field.name]: references });
  }, [type, field, values, sets]);
}
