import { useQuery } from '@tanstack/react-query';
import { useMemo } from 'react';
import { useCatalog } from '@/api/catalog';
import { setsByRuleQuery } from '@/api/sets';
import type { Field, ObjectType, RecordReference, Values } from '@/api/types';
import { useVocabulary } from '@/fields/reference/vocabulary';
import { asReferences } from '@/fields/values';
import { ancestorIds, type TreeItem } from '@/util/tree';

/** The first field that names sets of these records and that a condition of the card asks about. */
function askedSets(type: ObjectType, types: readonly ObjectType[]): Field | undefined {
  const conditions = [...type.fields.flatMap((field) => [field.shown_if, field.required_if]), ...type.layout.blocks.map((block) => block.shown_if)];
  return type.fields.find((field) => {
    const isOfSets = types.some((other) => other.name === field.settings.target && other.members?.type === type.name && other.members.field === field.name);
    return isOfSets && conditions.some((condition) => new RegExp(`\\b${field.name}\\b`).test(condition ?? ''));
  });
}

/** Sets with those above them, as a condition on sets means them. */
export function withSetsAbove(ids: readonly number[], items: readonly TreeItem[]): number[] {
  return [...new Set(ids.flatMap((id) => [id, ...ancestorIds(items, id)]))];
}

/**
 * The values that conditions of fields and blocks are judged over: who is in a set is in those above it, too, and a saved record is in those that its
 * rules say. The values themselves where no condition asks about sets. `id` is null for a record that is not saved yet.
 */
export function useValuesWithSets(type: ObjectType, values: Values, id: number | null): Values {
  const { object_types: types } = useCatalog();
  const field = useMemo(() => askedSets(type, types), [type, types]);
  const target = field?.settings.target ?? '';
  const vocabulary = useVocabulary(target, field !== undefined);
  const byRule = useQuery({ ...setsByRuleQuery(type.name, id ?? 0), enabled: field !== undefined && id !== null }).data;
  return useMemo(() => {
    if (field === undefined) return values;
    const ruled = (byRule?.items ?? []).filter((set) => set.field === field.name).map((set) => set.id);
    const all = withSetsAbove([...asReferences(values[field.name]).map((set) => set.id), ...ruled], vocabulary?.items ?? []);
    const sets: RecordReference[] = all.map((set) => ({ id: set, title: '', type: target }));
    return { ...values, [field.name]: sets };
  }, [field, values, byRule, vocabulary, target]);
}
