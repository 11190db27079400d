/** The companies above a contact, from the top of the holding down. */
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { keys } from '@/api/keys';
import { recordQuery } from '@/api/records';
import type { ObjectType, RecordItem } from '@/api/types';
import { asReference } from '@/fields/values';

/** The server refuses cycles; the limit only guards against a base that came from elsewhere. */
const MAX_DEPTH = 50;

export function useCompaniesAbove(type: ObjectType, record: RecordItem) {
  const client = useQueryClient();
  const parentId = asReference(record.values.parent)?.id ?? null;
  return useQuery({
    queryKey: [...keys.lists(type.name), 'above', record.id, parentId],
    queryFn: async (): Promise<RecordItem[]> => {
      const chain: RecordItem[] = [];
      let next = parentId;
      while (next !== null && chain.length < MAX_DEPTH && !chain.some((company) => company.id === next)) {
        const company: RecordItem = await client.ensureQueryData(recordQuery(type.name, next));
        chain.unshift(company);
        next = asReference(company.values.parent)?.id ?? null;
      }
      return chain;
    },
  });
}
