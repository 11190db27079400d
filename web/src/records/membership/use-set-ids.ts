import { useQuery } from '@tanstack/react-query';
import { useMemo } from 'react';
import { setsByRuleQuery } from '@/api/sets';
import type { Field, ObjectType, Values } from '@/api/types';
import { useVocabulary } from '@/fields/reference/vocabulary';
import { asReferences } from '@/fields/values';
import { ancestorIds, type TreeItem } from '@/util/tree';

/** Sets with those above them, as a condition on sets means them. */
export function withSetsAbove(ids: readonly number[], items: readonly TreeItem[]): number[] {
  return [...new Set(ids.flatMap((id) => [id, ...ancestorIds(items, id)]))];
}

/** The sets of a field that a record belongs to, put in or by a rule, with those above them. `id` is null for a record that is not saved yet. */
export function useSetIds(type: ObjectType, field: Field | undefined, values: Values, id: number | null): readonly number[] {
  const vocabulary = useVocabulary(field?.settings.target ?? '', field !== undefined);
  const byRule = useQuery({ ...setsByRuleQuery(type.name, id ?? 0), enabled: field !== undefined && id !== null }).data;
  return useMemo(() => {
    if (field === undefined) return [];
    const ruled = (byRule?.items ?? []).filter((set) => set.field === field.name).map((set) => set.id);
    return withSetsAbove([...asReferences(values[field.name]).map((set) => set.id), ...ruled], vocabulary?.items ?? []);
  }, [field, values, byRule, vocabulary]);
}
