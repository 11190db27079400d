/** What a person has to do: tasks and deals in one list, by deadline. */
import { infiniteQueryOptions, queryOptions, useMutation, useQueryClient, type InfiniteData } from '@tanstack/react-query';
import { api, newIdempotencyKey } from './client';
import { keys } from './keys';
import { forgetRecords, patchCached } from './records';
import type { FieldValue, Page, RecordItem, WriteAnswer } from './types';

export interface WorkItem {
  /** The field of the record that has the deadline. */
  field: string;
  /** The deadline; of a day its end. */
  by: string | null;
  record: RecordItem;
}

export const WORK_PARTS = ['overdue', 'today', 'tomorrow', 'week', 'later', 'none'] as const;
export type WorkPart = (typeof WORK_PARTS)[number];

export interface WorkCounts {
  parts: Readonly<Record<WorkPart, number>>;
  is_capped: boolean;
}

const LIST = [...keys.work, 'list'] as const;

export const workQuery = infiniteQueryOptions({
  queryKey: LIST,
  queryFn: ({ pageParam, signal }) => api.get<Page<WorkItem>>('/work', { cursor: pageParam, limit: 100 }, signal),
  initialPageParam: null as string | null,
  getNextPageParam: (last) => last.next_cursor,
  staleTime: 15_000,
});

export const workCountsQuery = queryOptions({
  queryKey: [...keys.work, 'counts'],
  queryFn: ({ signal }) => api.get<WorkCounts>('/work/counts', {}, signal),
  staleTime: 15_000,
});

type Listed = InfiniteData<Page<WorkItem>, string | null>;

/** What a press in the list does to the pages that are there, until they are read again. */
export function usePatchWork() {
  const client = useQueryClient();
  return (change: (items: WorkItem[]) => WorkItem[]) => {
    client.setQueryData<Listed>(LIST, (list) => list && { ...list, pages: list.pages.map((page) => ({ ...page, items: change(page.items) })) });
    void client.invalidateQueries({ queryKey: keys.work });
  };
}

/** Gives something to do another deadline. */
export function useMoveWork() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: ({ item: { record, field }, value }: { item: WorkItem; value: FieldValue }) =>
      api.patch<WriteAnswer>(`/records/${record.type}/${record.id}`, { values: { [field]: value } }, { version: record.version, idempotencyKey: newIdempotencyKey() }),
    onSuccess: ({ record }) => {
      patchCached(client, record.type, record.id, () => record);
      forgetRecords(client, record.type);
      void client.invalidateQueries({ queryKey: keys.work });
    },
  });
}
