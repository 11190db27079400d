/** How much work each person has, and how much of a week is planned. */
import { infiniteQueryOptions } from '@tanstack/react-query';
import { api } from './client';
import { keys } from './keys';
import type { Page, RecordReference } from './types';

export const LOAD_COUNTS = ['overdue', 'today', 'week', 'none', 'open'] as const;
export type LoadCount = (typeof LOAD_COUNTS)[number];

export interface LoadDay {
  date: string;
  planned_minutes: number;
  /** Null for whoever has no schedule, or whose is not known here. */
  working_minutes: number | null;
  name: string | null;
}

export interface PersonLoad {
  user: RecordReference;
  counts: Readonly<Record<LoadCount, number>>;
  is_capped: boolean;
  days: LoadDay[];
}

interface LoadPage extends Page<PersonLoad> {
  from: string;
  has_people: boolean;
}

export interface LoadQuery {
  /** A moment of the first day, RFC 3339. */
  from: string;
  isMine: boolean;
  search: string;
}

const PEOPLE_PER_PAGE = 30;

export function workloadQuery({ from, isMine, search }: LoadQuery) {
  return infiniteQueryOptions({
    queryKey: [...keys.work, 'load', from, isMine, search],
    queryFn: ({ pageParam, signal }) =>
      api.get<LoadPage>('/work/load', { from, mine: isMine ? true : undefined, search: search === '' ? undefined : search, cursor: pageParam, limit: PEOPLE_PER_PAGE }, signal),
    initialPageParam: null as string | null,
    getNextPageParam: (last) => last.next_cursor,
    staleTime: 15_000,
  });
}
