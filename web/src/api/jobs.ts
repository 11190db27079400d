/** Long work of the server: its progress and its end. */
import { queryOptions, useMutation, useQuery, useQueryClient, type QueryClient } from '@tanstack/react-query';
import { api, apiUrl, newIdempotencyKey } from './client';
import { keys } from './keys';
import type { Job, Page } from './types';

/** While something runs it is asked for again, in case the event stream is cut. */
const POLL_MS = 2_000;

export function isActive(job: Job): boolean {
  return job.state === 'queued' || job.state === 'running';
}

export const jobsQuery = queryOptions({
  queryKey: keys.jobs,
  queryFn: ({ signal }) => api.get<Page<Job>>('/jobs', { limit: 20 }, signal),
  refetchInterval: (query) => (query.state.data?.items.some(isActive) === true ? POLL_MS : false),
});

/** Puts a job that has just been started at the head of the list: it may end before the list is read again, and its end is announced. */
export function showJob(client: QueryClient, job: Job): void {
  client.setQueryData<Page<Job>>(keys.jobs, (list) => ({
    next_cursor: null,
    ...list,
    items: [job, ...(list?.items ?? []).filter((other) => other.id !== job.id)],
  }));
  void client.invalidateQueries({ queryKey: keys.jobs });
}

export function useJobs() {
  return useQuery(jobsQuery);
}

/** One job, followed until it ends. Without an id nothing is asked. */
export function useJob(id: number | null) {
  return useQuery({
    queryKey: keys.job(id ?? 0),
    queryFn: ({ signal }) => api.get<Job>(`/jobs/${id}`, undefined, signal),
    enabled: id !== null,
    refetchInterval: (query) => (query.state.data === undefined || isActive(query.state.data) ? POLL_MS : false),
  });
}

export function useCancelJob() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (id: number) => api.post<unknown>(`/jobs/${id}/cancel`),
    onSuccess: () => client.invalidateQueries({ queryKey: keys.jobs }),
  });
}

export interface ExportInput {
  type: string;
  format: 'xlsx' | 'csv' | 'vcard';
  filter?: string;
  search?: string;
  sort?: string;
  fields?: string[];
  /** Not the records, but what they come to in a table of groups. */
  pivot?: { rows: string; columns?: string; value?: string; figure: 'sum' | 'average' };
}

/** The server removes the files of exports then. */
const FILE_KEPT_MS = 7 * 86_400_000;

/** What leaves a file to be downloaded. */
export const FILE_KINDS: readonly Job['kind'][] = ['export', 'export_all', 'export_person'];

/** Where the file of a finished export is; null for any other job. */
export function exportUrl(job: Job): string | null {
  if (job.finished_at !== null && Date.now() - Date.parse(job.finished_at) > FILE_KEPT_MS) return null;
  return FILE_KINDS.includes(job.kind) && job.state === 'done' ? apiUrl(`/exports/${job.id}/file`) : null;
}

/** Where the records with which a job did not do what it should are told with their causes; null when there are none. */
export function failuresUrl(job: Pick<Job, 'id' | 'listed_count' | 'finished_at'>, format: 'xlsx' | 'csv'): string | null {
  return job.finished_at !== null && job.listed_count > 0 ? apiUrl(`/jobs/${job.id}/failures`, { format }) : null;
}

export function useStartExport() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (input: ExportInput) => api.post<{ job: Job }>('/exports', input, { idempotencyKey: newIdempotencyKey() }),
    onSuccess: ({ job }) => showJob(client, job),
  });
}

/** The whole base as one archive; for administrators. */
export function useExportAll() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: () => api.post<{ job: Job }>('/exports/all', {}, { idempotencyKey: newIdempotencyKey() }),
    onSuccess: ({ job }) => showJob(client, job),
  });
}
