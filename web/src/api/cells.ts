/** Cells of many records written at once. */
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { api } from './client';
import { keys } from './keys';
import { rememberOwnOperation } from './own-operations';
import { holdReads, patchAllCached } from './records';
import type { ProblemParams, RecordItem, Values } from './types';

/** Most records of one request. */
export const MAX_CELL_ROWS = 2_000;

export interface CellsRow {
  /** Below zero: a new record, which the answer names by this number. */
  id: number;
  /** The version that the person saw: what another changed since stays. */
  version: number;
  values: Values;
  /** What people write; the server reads it. */
  texts: Record<string, string>;
}

export interface CellProblem {
  id: number;
  /** Null when it is about the whole record. */
  field: string | null;
  code: string;
  params: ProblemParams;
}

export interface CellsAnswer {
  operation_id: number | null;
  records: RecordItem[];
  created: { row: number; id: number }[];
  changed: number;
  unchanged: number;
  problems: CellProblem[];
}

export interface CellsRequest {
  rows: readonly CellsRow[];
  /** The same for the same rows sent again: what was written the first time is not written twice. */
  idempotencyKey: string;
}

/** Writes cells as one operation; lists show the new values in their places and keep their order. */
export function useWriteCells(type: string) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: ({ rows, idempotencyKey }: CellsRequest) =>
      api.post<CellsAnswer>(`/records/${type}/cells`, { rows }, { idempotencyKey }),
    onMutate: async ({ rows }) => ({ held: await holdReads(client, type, rows.map((row) => row.id).filter((id) => id > 0)) }),
    onSuccess: (answer) => {
      rememberOwnOperation(answer.operation_id);
      patchAllCached(client, type, new Map(answer.records.map((record) => [record.id, () => record])));
      void client.invalidateQueries({ queryKey: keys.histories(type) });
      void client.invalidateQueries({ queryKey: keys.operations });
    },
    onSettled: (_answer, _error, _rows, context) => {
      for (const queryKey of context?.held ?? []) void client.invalidateQueries({ queryKey, exact: true });
    },
  });
}
