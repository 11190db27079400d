/** A list taken apart by a field: how many records each user or option has, and what they come to. */
import { queryOptions } from '@tanstack/react-query';
import { api } from './client';
import { keys } from './keys';
import type { RecordSum } from './sums';
import type { RecordQuery, RecordReference } from './types';

export interface RecordFigure {
  /** The key of the option, by a choice field. */
  option: string | null;
  reference: RecordReference | null;
  count: number;
  total: RecordSum;
}

export interface FiguresQuery extends Pick<RecordQuery, 'filter' | 'search'> {
  /** A reference or choice field. */
  by: string;
  /** A field of money. */
  sum: string;
}

/** Beside the lists of the type, so that a change of a record makes it stale. */
export function recordFiguresQuery(type: string, query: FiguresQuery) {
  return queryOptions({
    queryKey: [...keys.lists(type), 'figures', query],
    queryFn: ({ signal }) => api.get<{ groups: RecordFigure[] | null }>(`/records/${type}/figures`, { ...query }, signal),
    staleTime: 15_000,
  });
}
