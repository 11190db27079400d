/** Merging records, and the queue of those that may be one. */
import { infiniteQueryOptions, keepPreviousData, queryOptions, useMutation, useQueryClient } from '@tanstack/react-query';
import { api, newIdempotencyKey } from './client';
import { showJob } from './jobs';
import { keys } from './keys';
import { forgetRecords } from './records';
import type {
  DuplicateCluster,
  DuplicateCount,
  DuplicateKey,
  Job,
  MergeAnswer,
  MergeInput,
  MergePreview,
  MergeRule,
  Page,
} from './types';

const PAGE_SIZE = 20;

/** What a merge would make of the records; asked anew for each choice, while the last answer stays on the screen. */
export function mergePreviewQuery(type: string, input: MergeInput) {
  return queryOptions({
    queryKey: [...keys.duplicates, 'preview', type, input],
    queryFn: ({ signal }) => api.post<MergePreview>(`/records/${type}/merge/preview`, input, { signal }),
    placeholderData: keepPreviousData,
    retry: false,
    staleTime: 5_000,
  });
}

export function useMerge(type: string) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (input: MergeInput) =>
      api.post<MergeAnswer>(`/records/${type}/merge`, input, { idempotencyKey: newIdempotencyKey() }),
    onSettled: () => {
      forgetRecords(client, type);
      void client.invalidateQueries({ queryKey: keys.duplicates });
    },
  });
}

/** The queue, the surest first. */
export function duplicatesQuery(type: string) {
  return infiniteQueryOptions({
    queryKey: [...keys.duplicates, 'queue', type],
    queryFn: ({ pageParam, signal }) =>
      api.get<Page<DuplicateCluster>>('/duplicates', { type, cursor: pageParam, limit: PAGE_SIZE }, signal),
    initialPageParam: null as string | null,
    getNextPageParam: (last) => last.next_cursor,
  });
}

/** The cluster of one record: none or one. */
export function duplicatesOfQuery(type: string, id: number) {
  return queryOptions({
    queryKey: [...keys.duplicates, 'of', type, id],
    queryFn: ({ signal }) => api.get<Page<DuplicateCluster>>('/duplicates', { type, id }, signal),
  });
}

export function duplicateCountQuery(type: string, minScore = 0) {
  return queryOptions({
    queryKey: [...keys.duplicates, 'count', type, minScore],
    queryFn: ({ signal }) => api.get<DuplicateCount>('/duplicates/count', { type, min_score: minScore }, signal),
  });
}

export interface SearchInput {
  type: string;
  keys: DuplicateKey[];
  with_place: boolean;
}

export function useFindDuplicates() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (input: SearchInput) => api.post<{ job: Job }>('/duplicates/search', input, { idempotencyKey: newIdempotencyKey() }),
    onSuccess: ({ job }) => showJob(client, job),
    onSettled: () => client.invalidateQueries({ queryKey: keys.duplicates }),
  });
}

/** Says of records that they are different, for good, or takes that back. */
export function useDismiss(type: string) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: ({ ids, isDismissed }: { ids: number[]; isDismissed: boolean }) =>
      api.post<{ pairs: number }>(
        '/duplicates/dismiss',
        { type, ids, is_dismissed: isDismissed },
        { idempotencyKey: newIdempotencyKey() },
      ),
    onSettled: () => client.invalidateQueries({ queryKey: keys.duplicates }),
  });
}

export interface MergeAllInput {
  type: string;
  min_score: number;
  rule: MergeRule;
}

export function useMergeAll() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (input: MergeAllInput) => api.post<{ job: Job }>('/duplicates/merge', input, { idempotencyKey: newIdempotencyKey() }),
    onSuccess: ({ job }) => showJob(client, job),
  });
}
