/** Which records of a vocabulary are meant for the record at hand: a tag may belong to groups, and then it is for their contacts. */
import { useQuery } from '@tanstack/react-query';
import { use } from 'react';
import { useCatalog } from '@/api/catalog';
import { recordQuery } from '@/api/records';
import { setsByRuleQuery } from '@/api/sets';
import { ancestorIds } from '@/util/tree';
import { Owner } from '../owner-record';
import { asReferences } from '../values';
import { useVocabulary } from './vocabulary';

/** A filter over the target: what is meant for everyone or for a set of this record. Null where nothing is told apart. */
export function useOffered(target: string): string | null {
  const owner = use(Owner);
  const { object_types: types } = useCatalog();
  const setTypeOf = (name: string | undefined) => types.find((type) => type.name === name && type.members != null && type.members.type === owner?.type);
  const scope = types
    .find((type) => type.name === target)
    ?.fields.find((field) => field.kind === 'reference_set' && setTypeOf(field.settings.target) !== undefined);
  const setType = setTypeOf(scope?.settings.target);
  const sets = useVocabulary(setType?.name ?? '', scope !== undefined);
  const byRule = useQuery({ ...setsByRuleQuery(owner?.type ?? '', owner?.id ?? 0), enabled: scope !== undefined && owner?.id != null });
  // A row of a list knows only its columns.
  const whole = useQuery({ ...recordQuery(owner?.type ?? '', owner?.id ?? 0), enabled: scope !== undefined && owner?.id != null });
  if (owner === null || scope === undefined || setType?.members == null || sets === null || sets.isPending) return null;
  const own = [...asReferences((whole.data ?? owner).values[setType.members.field]), ...(byRule.data?.items ?? [])].map((set) => set.id);
  const ids = [...new Set(own.flatMap((id) => [id, ...ancestorIds(sets.items, id)]))];
  return ids.length === 0 ? `${scope.name} is empty` : `${scope.name} is empty or ${scope.name} has (${ids.join(', ')})`;
}
