/** The calls of the import wizard. */
import { infiniteQueryOptions, queryOptions, useMutation, useQueryClient, type InfiniteData } from '@tanstack/react-query';
import { api, apiUrl, newIdempotencyKey } from './client';
import { showJob } from './jobs';
import { keys } from './keys';
import type { ImportChange, ImportDecision, ImportHead, ImportItem, ImportProblem, Job, Page } from './types';

export const importsQuery = queryOptions({
  queryKey: keys.imports,
  queryFn: ({ signal }) => api.get<Page<ImportHead>>('/imports', { limit: 50 }, signal),
});

export function importQuery(id: number) {
  return queryOptions({
    queryKey: keys.import(id),
    queryFn: ({ signal }) => api.get<ImportItem>(`/imports/${id}`, undefined, signal),
    refetchInterval: (query) =>
      query.state.data?.state === 'checking' || query.state.data?.state === 'running' ? 2_000 : false,
  });
}

export function importProblemsQuery(id: number, kind: ImportProblem['kind']) {
  return infiniteQueryOptions({
    queryKey: keys.importProblems(id, kind),
    queryFn: ({ pageParam, signal }) =>
      api.get<Page<ImportProblem>>(`/imports/${id}/problems`, { kind, cursor: pageParam, limit: 50 }, signal),
    initialPageParam: null as string | null,
    getNextPageParam: (last) => last.next_cursor,
  });
}

export interface UploadInput {
  type: string;
  file: File;
  onProgress: (sent: number, total: number) => void;
  signal?: AbortSignal;
}

export function useUploadImport() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: ({ type, file, onProgress, signal }: UploadInput) =>
      api.upload<ImportItem>('/imports', file, { query: { type, file_name: file.name }, onProgress, signal }),
    onSuccess: (item) => {
      client.setQueryData(keys.import(item.id), item);
      void client.invalidateQueries({ queryKey: keys.imports, exact: true });
    },
  });
}

/** The import as the change will leave it; the preview follows with the answer of the server. */
function withChange(item: ImportItem, change: ImportChange): ImportItem {
  const { mapping, options, ...settings } = change;
  const targets = new Map(mapping?.map(({ index, target }) => [index, target]));
  return {
    ...item,
    ...settings,
    options: { ...item.options, ...options },
    columns: item.columns.map((column) => {
      const target = targets.get(column.index);
      return target === undefined || target === column.target ? column : { ...column, target, is_sure: true };
    }),
  };
}

/** Changes the settings of an import: shown at once, one change after the other, taken back if the server refuses. */
export function useChangeImport(id: number) {
  const client = useQueryClient();
  return useMutation({
    scope: { id: `import/${id}` },
    mutationFn: (change: ImportChange) => api.patch<ImportItem>(`/imports/${id}`, change),
    onMutate: async (change) => {
      await client.cancelQueries({ queryKey: keys.import(id), exact: true });
      client.setQueryData<ImportItem>(keys.import(id), (item) => (item === undefined ? undefined : withChange(item, change)));
    },
    onSuccess: (item) => {
      // With another change on its way this answer is already old.
      if (client.isMutating({ predicate: (mutation) => mutation.options.scope?.id === `import/${id}` }) > 1) return;
      client.setQueryData(keys.import(id), item);
      void client.invalidateQueries({ queryKey: keys.imports, exact: true });
    },
    onError: () => client.invalidateQueries({ queryKey: keys.import(id), exact: true }),
  });
}

function useImportStep(id: number, step: 'check' | 'start') {
  const client = useQueryClient();
  return useMutation({
    mutationFn: () => api.post<{ job: Job }>(`/imports/${id}/${step}`, {}, { idempotencyKey: newIdempotencyKey() }),
    onSuccess: ({ job }) => {
      client.setQueryData(keys.job(job.id), job);
      void client.invalidateQueries({ queryKey: keys.import(id) });
      showJob(client, job);
    },
  });
}

/** The dry run over all rows. */
export function useCheckImport(id: number) {
  return useImportStep(id, 'check');
}

/** The import itself. */
export function useStartImport(id: number) {
  return useImportStep(id, 'start');
}

/** Lets rows in without the cells that cannot be read, and checks again; the found problems stand until the new check has begun. */
export function useKeepUnreadable(id: number) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: async () => {
      await api.patch<ImportItem>(`/imports/${id}`, { keep_unreadable: true } satisfies ImportChange);
      return api.post<{ job: Job }>(`/imports/${id}/check`, {}, { idempotencyKey: newIdempotencyKey() });
    },
    onSuccess: ({ job }) => {
      client.setQueryData(keys.job(job.id), job);
      showJob(client, job);
    },
    onSettled: () => client.invalidateQueries({ queryKey: keys.import(id) }),
  });
}

export interface DecisionInput {
  all?: ImportDecision;
  rows?: { row: number; decision: ImportDecision }[];
}

type ProblemPages = InfiniteData<Page<ImportProblem>, string | null>;

/** Answers what needs a decision: shown at once, read again if the server refuses. */
export function useDecide(id: number) {
  const client = useQueryClient();
  const key = keys.importProblems(id, 'decision');
  const mutationKey = ['decide', id];
  return useMutation({
    mutationKey,
    mutationFn: (input: DecisionInput) => api.put<unknown>(`/imports/${id}/decisions`, input),
    onMutate: async ({ all, rows }) => {
      await client.cancelQueries({ queryKey: key });
      const byRow = new Map(rows?.map(({ row, decision }) => [row, decision]));
      const decide = (problem: ImportProblem): ImportProblem => ({
        ...problem,
        decision: byRow.get(problem.row) ?? all ?? problem.decision,
      });
      client.setQueryData<ProblemPages>(key, (list) =>
        list === undefined ? undefined : { ...list, pages: list.pages.map((page) => ({ ...page, items: page.items.map(decide) })) },
      );
    },
    onSettled: () => {
      void client.invalidateQueries({ queryKey: keys.import(id), exact: true });
      // What was asked for before the answer was stored may come after it; the last answer asks anew.
      if (client.isMutating({ mutationKey }) === 1) void client.invalidateQueries({ queryKey: key });
    },
  });
}

/** Loads the rows that were decided on after the end of the import, as an operation of its own. */
export function useLoadQueue(id: number) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: () => api.post<{ job: Job }>(`/imports/${id}/queue`, {}, { idempotencyKey: newIdempotencyKey() }),
    onSuccess: ({ job }) => {
      client.setQueryData(keys.job(job.id), job);
      showJob(client, job);
    },
  });
}

/** Where the rows that were not loaded can be fetched, with the cause in a column of its own. */
export function failedRowsUrl(id: number, format: 'xlsx' | 'csv'): string {
  return apiUrl(`/imports/${id}/failed-rows`, { format });
}
