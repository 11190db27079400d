/** A list on a time axis: its records whose time meets a span. */
import { queryOptions } from '@tanstack/react-query';
import { api } from './client';
import { keys } from './keys';
import type { RecordCount, RecordItem, RecordQuery } from './types';

export interface SpanQuery extends Pick<RecordQuery, 'filter' | 'search' | 'fields'> {
  /** RFC 3339. */
  from: string;
  to: string;
  /** The date that says when a record begins, and the one that says when it ends; one of the two is given. */
  begins?: string;
  ends?: string;
}

interface Answer {
  items: RecordItem[];
  /** How many there are; null where the items are all. */
  total: (Omit<RecordCount, 'count'> & { count: number | null }) | null;
}

/** Kept as a list of the type: whatever changes cached records changes them, too. */
export function spansQuery(type: string, query: SpanQuery) {
  return queryOptions({
    queryKey: [...keys.lists(type), 'spans', query],
    queryFn: async ({ signal }) => {
      const { items, total } = await api.get<Answer>(`/records/${type}/spans`, { ...query }, signal);
      return { pages: [{ items, next_cursor: null }], isWhole: true as const, total };
    },
    staleTime: 15_000,
  });
}
