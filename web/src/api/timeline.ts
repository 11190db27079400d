/** The timeline of a record: what was written, what is to be done, what was sold and held. */
import { infiniteQueryOptions, type QueryClient } from '@tanstack/react-query';
import { api } from './client';
import type { Reaction } from './followers';
import { keys } from './keys';
import { forgetTimelines } from './records';
import type { HistoryEntry, RecordItem, RecordReference } from './types';

/** The kind of the changes of the record's own fields. */
export const CHANGE_KIND = 'change';

const PAGE_SIZE = 30;

export interface TimelineEntry {
  /** The name of the type of the record, or `change`. */
  kind: string;
  id: number;
  at: string;
  record: RecordItem | null;
  /** Whose entry it is, where it came in from another record. */
  of: RecordReference | null;
  /** Of a long text only the beginning is here. */
  is_cut: boolean;
  change: HistoryEntry | null;
  /** What people put to a note. */
  reactions: Reaction[];
}

export interface TimelinePage {
  items: TimelineEntry[];
  /** On the first page: the newest pinned ones, which stand in their places, too. */
  pinned: TimelineEntry[];
  /** How many records' entries may come in besides its own. */
  others: number;
  next_cursor: string | null;
}

export interface TimelineQuery {
  /** Names of kinds, with commas. */
  kinds: string;
  category?: string;
  with_others: boolean;
}

export function timelineQuery(type: string, id: number, query: TimelineQuery) {
  return infiniteQueryOptions({
    queryKey: keys.timeline(type, id, { ...query }),
    queryFn: ({ pageParam, signal }) =>
      api.get<TimelinePage>(`/records/${type}/${id}/timeline`, { ...query, cursor: pageParam, limit: PAGE_SIZE }, signal),
    initialPageParam: null as string | null,
    getNextPageParam: (last) => last.next_cursor,
    staleTime: 15_000,
  });
}

/** Begins the timelines of a record anew: who has just written something looks at their beginning. */
export function restartTimelines(client: QueryClient, type: string, id: number): void {
  client.setQueriesData<{ pages: unknown[]; pageParams: unknown[] }>({ queryKey: [...keys.timelines, type, id] }, (timeline) =>
    timeline === undefined ? undefined : { pages: timeline.pages.slice(0, 1), pageParams: timeline.pageParams.slice(0, 1) },
  );
  forgetTimelines(client);
}
