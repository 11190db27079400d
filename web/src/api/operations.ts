/** Operations (who did what) and taking them back. */
import { infiniteQueryOptions, useMutation, useQueryClient } from '@tanstack/react-query';
import { api, newIdempotencyKey } from './client';
import { showJob } from './jobs';
import { keys } from './keys';
import type { FieldValue, ImportUndoAnswer, Operation, Page, RecordReference, UndoAnswer } from './types';

export const operationsQuery = infiniteQueryOptions({
  queryKey: keys.operations,
  queryFn: ({ pageParam, signal }) => api.get<Page<Operation>>('/operations', { cursor: pageParam, limit: 50 }, signal),
  initialPageParam: null as string | null,
  getNextPageParam: (last) => last.next_cursor,
});

/** A field that was changed after an operation, or a record that it made and that was changed since (then `field` is null). */
export interface LaterChange {
  type: string;
  id: number;
  version: number;
  title: string;
  field: string | null;
  current: FieldValue;
  would_be: FieldValue;
  changed_by: RecordReference | null;
  changed_at: string | null;
  can_overwrite: boolean;
}

export interface LaterChangePage extends Page<LaterChange> {
  /** Records of the operation looked through so far. */
  looked_at: number;
}

export interface ChangeChoice {
  type: string;
  id: number;
  field: string | null;
  version: number;
}

/** What goes back although it was changed since; nothing where it is empty. */
export interface Overwrite {
  overwrite?: ChangeChoice[];
  overwrite_all?: boolean;
  /** Of all, what stays. */
  keep?: ChangeChoice[];
}

/** What the undo of an operation keeps, or has kept. Read anew each time: it is asked before a decision. */
export function laterChangesQuery(operationId: number) {
  return infiniteQueryOptions({
    queryKey: keys.laterChanges(operationId),
    queryFn: ({ pageParam, signal }) =>
      api.get<LaterChangePage>(`/operations/${operationId}/later-changes`, { cursor: pageParam, limit: 50 }, signal),
    initialPageParam: null as string | null,
    getNextPageParam: (last) => last.next_cursor,
    staleTime: 0,
    gcTime: 0,
  });
}

/** An operation with what goes back although it was changed since, or a whole import: its operation, and what its queue loaded after its end. */
export type UndoInput = ({ operationId: number } & Overwrite) | { importId: number };

/** Takes an operation back; large ones answer with a job. */
export function useUndo() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (input: UndoInput): Promise<ImportUndoAnswer> => {
      const idempotencyKey = newIdempotencyKey();
      if ('importId' in input) return api.post<ImportUndoAnswer>(`/imports/${input.importId}/undo`, {}, { idempotencyKey });
      const { operationId, ...choices } = input;
      return api.post<UndoAnswer>(`/operations/${operationId}/undo`, choices, { idempotencyKey });
    },
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
