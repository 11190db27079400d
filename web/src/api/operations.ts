/** Operations (who did what) and taking them back. */
import { infiniteQueryOptions, useMutation, useQueryClient } from '@tanstack/react-query';
import { api, newIdempotencyKey } from './client';
import { showJob } from './jobs';
import { keys } from './keys';
import type { Operation, Page, UndoAnswer } from './types';

export const operationsQuery = infiniteQueryOptions({
  queryKey: keys.operations,
  queryFn: ({ pageParam, signal }) => api.get<Page<Operation>>('/operations', { cursor: pageParam, limit: 50 }, signal),
  initialPageParam: null as string | null,
  getNextPageParam: (last) => last.next_cursor,
});

/** Takes an operation back; large ones answer with a job. */
export function useUndo() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (operationId: number) =>
      api.post<UndoAnswer>(`/operations/${operationId}/undo`, {}, { idempotencyKey: newIdempotencyKey() }),
    onSuccess: ({ job }) => {
      if (job !== undefined) showJob(client, job);
      void client.invalidateQueries({ queryKey: ['records'] });
      void client.invalidateQueries({ queryKey: keys.catalog });
      void client.invalidateQueries({ queryKey: keys.operations });
      void client.invalidateQueries({ queryKey: keys.jobs });
      void client.invalidateQueries({ queryKey: keys.imports });
      void client.invalidateQueries({ queryKey: keys.duplicates });
    },
  });
}
