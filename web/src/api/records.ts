/** Reading and writing records of any type. */
import {
  infiniteQueryOptions,
  mutationOptions,
  queryOptions,
  useMutation,
  useQueryClient,
  type QueryClient,
  type QueryKey,
} from '@tanstack/react-query';
import { api, newIdempotencyKey } from './client';
import { showJob } from './jobs';
import { keys } from './keys';
import { rememberOwnOperation } from './own-operations';
import { isKept, withUnsent, writeOrKeep } from './unsent';
import type {
  DeleteAnswer,
  FieldValue,
  HistoryEntry,
  Job,
  Page,
  RecordCount,
  RecordItem,
  RecordPage,
  RecordQuery,
  SearchAnswer,
  Values,
  WriteAnswer,
} from './types';

export const PAGE_SIZE = 100;
/** Longer filters go in the body: some proxies refuse long addresses. */
const LONGEST_FILTER_IN_URL = 1500;

function fetchPage(type: string, query: RecordQuery, cursor: string | null, signal: AbortSignal): Promise<RecordPage> {
  const request = { ...query, limit: PAGE_SIZE, cursor };
  if ((query.filter?.length ?? 0) > LONGEST_FILTER_IN_URL) {
    return api.post<RecordPage>(`/records/${type}/query`, request, { signal });
  }
  return api.get<RecordPage>(`/records/${type}`, request, signal);
}

/** What was, and what stands in one place of a map, is computed anew for each answer: it does not follow every change. */
const COSTLY_MS = 60_000;

function isCostly(query: RecordQuery): boolean {
  return query.as_of !== undefined || query.bbox !== undefined;
}

/** The first page of a list, of a size of its own. */
export function recordPageQuery(type: string, query: RecordQuery, limit: number) {
  return queryOptions({
    queryKey: [...keys.list(type, query), 'first', limit],
    queryFn: ({ signal }) => api.get<RecordPage>(`/records/${type}`, { ...query, limit }, signal),
    staleTime: 15_000,
  });
}

/** A list in pages; the next page is asked for with the cursor of the last. */
export function recordListQuery(type: string, query: RecordQuery) {
  return infiniteQueryOptions({
    queryKey: isCostly(query) ? keys.costly(type, query) : keys.list(type, query),
    queryFn: async ({ pageParam, signal, client }) => {
      const page = await fetchPage(type, query, pageParam, signal);
      return { ...page, items: page.items.map((record) => withUnsent(client, record)) };
    },
    initialPageParam: null as string | null,
    getNextPageParam: (last) => last.next_cursor,
    staleTime: isCostly(query) ? COSTLY_MS : 15_000,
  });
}

export function recordCountQuery(type: string, query: RecordQuery) {
  const { filter, search, trash, as_of } = query;
  return queryOptions({
    queryKey: isCostly(query) ? [...keys.costly(type, { filter, as_of }), 'count'] : keys.count(type, { filter, search, trash }),
    queryFn: ({ signal }) => api.get<RecordCount>(`/records/${type}/count`, { filter, search, trash, as_of }, signal),
    staleTime: 15_000,
  });
}

export function recordQuery(type: string, id: number) {
  return queryOptions({
    queryKey: keys.record(type, id),
    queryFn: async ({ signal, client }) => withUnsent(client, await api.get<RecordItem>(`/records/${type}/${id}`, undefined, signal)),
    staleTime: 15_000,
  });
}

/** A record as it was at an instant; the past does not change. */
export function recordAsOfQuery(type: string, id: number, at: string) {
  return queryOptions({
    queryKey: [...keys.record(type, id), 'as_of', at],
    queryFn: ({ signal }) => api.get<RecordItem>(`/records/${type}/${id}`, { as_of: at }, signal),
  });
}

export interface HistoryFilter {
  field?: string;
  user?: number;
  from?: string;
  to?: string;
}

export function historyQuery(type: string, id: number, filter: HistoryFilter) {
  return infiniteQueryOptions({
    queryKey: [...keys.history(type, id), filter],
    queryFn: ({ pageParam, signal }) =>
      api.get<Page<HistoryEntry>>(`/records/${type}/${id}/history`, { ...filter, cursor: pageParam, limit: 50 }, signal),
    initialPageParam: null as string | null,
    getNextPageParam: (last) => last.next_cursor,
  });
}

/** A few records to choose from, by part of the name. */
export function recordPickQuery(type: string, search: string, filter?: string, more: { fields?: string; limit?: number } = {}) {
  const { fields, limit = 20 } = more;
  return queryOptions({
    queryKey: [...keys.lists(type), 'pick', search, filter ?? '', fields ?? '', limit],
    queryFn: ({ signal }) => api.get<Page<RecordItem>>(`/records/${type}`, { search, filter, fields, limit }, signal),
    staleTime: 10_000,
  });
}

export function searchQuery(text: string, types = '', limit = 20) {
  return queryOptions({
    queryKey: keys.search(text, types),
    queryFn: ({ signal }) => api.get<SearchAnswer>('/search', { q: text, types, limit }, signal),
    enabled: text.trim() !== '',
    staleTime: 10_000,
  });
}

/** What the cache holds of a timeline. */
interface CachedTimeline {
  pages: { items: { record: RecordItem | null }[]; pinned: { record: RecordItem | null }[] }[];
}

/** A timeline scrolled further than this is read again when somebody comes back to it, not with every change of a colleague. */
const TIMELINE_PAGES_READ_AGAIN = 4;

/** Any record may stand on any timeline. */
export function forgetTimelines(client: QueryClient): void {
  const isLong = (data: unknown): boolean => ((data as Partial<CachedTimeline> | undefined)?.pages?.length ?? 0) > TIMELINE_PAGES_READ_AGAIN;
  void client.invalidateQueries({ queryKey: keys.timelines, predicate: (query) => !isLong(query.state.data) });
  void client.invalidateQueries({ queryKey: keys.timelines, refetchType: 'none' });
}

/** What a write of a record makes stale: its lists, its history and whoever shows it as a reference. */
export function forgetRecords(client: QueryClient, type: string): void {
  void client.invalidateQueries({ queryKey: keys.operations });
  void client.invalidateQueries({ queryKey: keys.type(type) });
  forgetTimelines(client);
}

export interface NewRecord {
  values: Values;
  idempotencyKey: string;
  /** What it is called until the server answers. */
  title?: string;
  /** The values with the titles of references. */
  shown?: Values;
}

/** A record that the server has not heard of. */
const NOT_YET = { id: 0, version: 0, created_at: '', created_by: null, updated_at: '', updated_by: null, deleted_at: null, can_edit: false, can_delete: false };

export interface WriteOptions {
  /** Without a connection it is kept and sent later; see `isKept`. For what people write all day, not for settings. */
  isKeptOffline?: boolean;
}

export function useCreateRecord(type: string, { isKeptOffline = false }: WriteOptions = {}) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: ({ values, idempotencyKey, title = '', shown = values }: NewRecord) => {
      if (!isKeptOffline) return api.post<WriteAnswer>(`/records/${type}`, { values }, { idempotencyKey });
      const entry = { key: idempotencyKey, type, id: null, title, version: null, values, shown };
      return writeOrKeep(client, entry, { ...NOT_YET, type, title, values });
    },
    onSuccess: (answer) => {
      if (isKept(answer)) return;
      client.setQueryData(keys.record(type, answer.record.id), answer.record);
      forgetRecords(client, type);
    },
  });
}

/** What the server would refuse in a new record, which is not made, or what it would only warn of. */
export function useTryRecord(type: string) {
  return useMutation({
    mutationFn: async (values: Values): Promise<{ error: unknown; warnings: NonNullable<WriteAnswer['warnings']> }> => {
      try {
        const { warnings } = await api.post<Pick<WriteAnswer, 'warnings'>>(`/records/${type}`, { values }, { query: { check_only: true } });
        return { error: null, warnings: warnings ?? [] };
      } catch (error) {
        return { error, warnings: [] };
      }
    },
  });
}

export interface RecordChange {
  id: number;
  version: number;
  /** What is written. */
  values: Values;
  /** The same as screens show it until the server answers: references with their titles. */
  shown?: Values;
}

/** What the cache holds under the key of a list; other answers (counts, choices) have no pages. */
export interface CachedList {
  pages?: Page<RecordItem>[];
  /** The pages are the columns of a board: they are read together. */
  isWhole?: true;
}

/** Puts values into every cached copy of records, by id; lists keep their order until they are read again. */
export function patchAllCached(client: QueryClient, type: string, patches: ReadonlyMap<number, (record: RecordItem) => RecordItem>): void {
  const patched = (record: RecordItem): RecordItem => patches.get(record.id)?.(record) ?? record;
  for (const id of patches.keys()) {
    client.setQueryData<RecordItem>(keys.record(type, id), (record) => (record === undefined ? undefined : patched(record)));
  }
  client.setQueriesData<CachedList>({ queryKey: keys.lists(type) }, (list) => {
    // What is not kept in pages is left as old as it is: written back it would count as read anew.
    if (list?.pages === undefined) return undefined;
    return { ...list, pages: list.pages.map((page) => ({ ...page, items: page.items.map(patched) })) };
  });
  client.setQueriesData<CachedTimeline>({ queryKey: keys.timelines }, (timeline) => {
    if (timeline === undefined) return undefined;
    const entry = <Entry extends { record: RecordItem | null }>(one: Entry): Entry => (one.record?.type === type ? { ...one, record: patched(one.record) } : one);
    return { ...timeline, pages: timeline.pages.map((page) => ({ ...page, items: page.items.map(entry), pinned: page.pinned.map(entry) })) };
  });
}

/** The same for one record. */
export function patchCached(client: QueryClient, type: string, id: number, patch: (record: RecordItem) => RecordItem): void {
  patchAllCached(client, type, new Map([[id, patch]]));
}

/** Takes a record out of the cached lists whose query the test accepts. */
export function dropCached(client: QueryClient, type: string, id: number, isOutOf: (query: RecordQuery) => boolean): void {
  const lists = client.getQueriesData<CachedList>({ queryKey: keys.lists(type) });
  for (const [key, list] of lists) {
    if (list?.pages === undefined || !isOutOf(key[3] as RecordQuery)) continue;
    if (!list.pages.some((page) => page.items.some((record) => record.id === id))) continue;
    const pages = list.pages.map((page) => ({ ...page, items: page.items.filter((record) => record.id !== id) }));
    client.setQueryData<CachedList>(key, { ...list, pages });
  }
}

/** The record as some screen shows it, wherever that is. */
function cachedRecord(client: QueryClient, type: string, id: number): RecordItem | undefined {
  const own = client.getQueryData<RecordItem>(keys.record(type, id));
  if (own !== undefined) return own;
  const lists = client.getQueriesData<CachedList>({ queryKey: keys.lists(type) });
  return lists.flatMap(([, list]) => list?.pages?.flatMap((page) => page.items) ?? []).find((record) => record.id === id);
}

/**
 * Stops the readings whose answer would put old values over what is shown now. Answers the keys that must be read again afterwards:
 * not those that asked for one more page only, which the list asks for again by itself.
 */
export async function holdReads(client: QueryClient, type: string, ids: readonly number[]): Promise<QueryKey[]> {
  const held = client
    .getQueryCache()
    .findAll({ queryKey: keys.lists(type), fetchStatus: 'fetching' })
    .filter((query) => (query.state.fetchMeta as { fetchMore?: unknown } | null)?.fetchMore === undefined)
    .map((query) => query.queryKey);
  await Promise.all([
    ...ids.map((id) => client.cancelQueries({ queryKey: keys.record(type, id) })),
    client.cancelQueries({ queryKey: keys.lists(type) }),
  ]);
  return held;
}

/** What `useChangeRecord` does, for any client. */
export function changeRecordOptions(client: QueryClient, type: string, { isKeptOffline = false }: WriteOptions = {}) {
  return mutationOptions({
    mutationFn: ({ id, version, values, shown = values }: RecordChange) => {
      const key = newIdempotencyKey();
      const record = cachedRecord(client, type, id);
      if (!isKeptOffline || record === undefined) return api.patch<WriteAnswer>(`/records/${type}/${id}`, { values }, { version, idempotencyKey: key });
      return writeOrKeep(client, { key, type, id, title: record.title, version, values, shown }, record);
    },
    onMutate: async ({ id, values, shown = values }: RecordChange) => {
      const held = await holdReads(client, type, [id]);
      const before = cachedRecord(client, type, id);
      patchCached(client, type, id, (record) => ({ ...record, values: { ...record.values, ...shown } }));
      // Only the changed fields: the others may have been saved meanwhile.
      return { held, before: before && Object.fromEntries(Object.keys(shown).map((name) => [name, before.values[name]])) };
    },
    onError: (_error, { id }, context) => {
      const before = context?.before;
      if (before !== undefined) patchCached(client, type, id, (record) => ({ ...record, values: { ...record.values, ...before } }));
      void client.invalidateQueries({ queryKey: keys.record(type, id) });
      forgetTimelines(client);
    },
    onSuccess: (answer, { id }) => {
      if (isKept(answer)) return;
      rememberOwnOperation(answer.operation_id);
      patchCached(client, type, id, (record) => ({ ...record, ...answer.record, values: { ...record.values, ...answer.record.values } }));
      client.setQueryData(keys.record(type, id), answer.record);
      void client.invalidateQueries({ queryKey: keys.history(type, id) });
      void client.invalidateQueries({ queryKey: keys.operations });
      forgetTimelines(client);
    },
    onSettled: (_answer, _error, _change, context) => {
      for (const queryKey of context?.held ?? []) void client.invalidateQueries({ queryKey, exact: true });
    },
  });
}

/** Changes fields of a record: shown at once, taken back if the server refuses. */
export function useChangeRecord(type: string, options?: WriteOptions) {
  const client = useQueryClient();
  return useMutation(changeRecordOptions(client, type, options));
}

export function useDeleteRecord(type: string) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (id: number) => api.delete<DeleteAnswer>(`/records/${type}/${id}`),
    onSuccess: () => forgetRecords(client, type),
  });
}

export function useRestoreRecord(type: string) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (id: number) => api.post<WriteAnswer>(`/records/${type}/${id}/restore`),
    onSuccess: () => forgetRecords(client, type),
  });
}

export interface BulkInput {
  action: 'update' | 'delete' | 'restore';
  ids?: number[];
  filter?: string;
  values?: Readonly<Record<string, FieldValue>>;
  /** Entries to put to sets, by field. */
  add?: Readonly<Record<string, FieldValue>>;
  /** Entries to take out of sets, by field. */
  remove?: Readonly<Record<string, FieldValue>>;
}

/** Asks the address service about the primary addresses of many records, one a second. */
export function useFindPlaces(type: string) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (input: Pick<BulkInput, 'ids' | 'filter'>) =>
      api.post<{ job: Job }>(`/records/${type}/places`, input, { idempotencyKey: newIdempotencyKey() }),
    onSuccess: ({ job }) => showJob(client, job),
  });
}

/** Makes one equal record for each of many others, in a job; `type` is that of the new ones. */
export function useCreateForEach(type: string) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (input: Pick<BulkInput, 'ids' | 'filter' | 'values'> & { field: string }) =>
      api.post<{ job: Job }>(`/records/${type}/for-each`, input, { idempotencyKey: newIdempotencyKey() }),
    onSuccess: ({ job }) => showJob(client, job),
  });
}

export function useBulkChange(type: string) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (input: BulkInput) =>
      api.post<{ job: Job }>(`/records/${type}/bulk`, input, { idempotencyKey: newIdempotencyKey() }),
    onSuccess: ({ job }) => showJob(client, job),
  });
}
