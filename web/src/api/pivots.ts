/** A list as a table of groups. */
import { queryOptions } from '@tanstack/react-query';
import { api } from './client';
import { keys } from './keys';
import type { RecordQuery, RecordReference } from './types';

export interface PivotKey {
  option: string | null;
  reference: RecordReference | null;
  /** `2026-11`, `2026-Q4` or `2026`. */
  period: string | null;
}

export interface PivotFigure {
  count: number;
  /** Of money in minor units of the currency of the company. */
  sum: number | null;
  average: number | null;
  /** Some amounts are left out for want of a rate. */
  is_partial: boolean;
}

export interface PivotTable {
  /** Null for what is no money. */
  currency: string | null;
  rows: PivotKey[][];
  columns: PivotKey[][];
  cells: (PivotFigure & { row: number; column: number })[];
  row_totals: PivotFigure[];
  column_totals: PivotFigure[];
  total: PivotFigure;
  has_more_rows: boolean;
  has_more_columns: boolean;
}

export interface PivotQuery extends Pick<RecordQuery, 'filter' | 'search'> {
  /** One or two fields; dates with their grain: `closed_on:month`. */
  rows: string;
  columns?: string;
  /** A field of money or numbers. */
  value?: string;
}

/** Beside the lists of the type, so that a change of a record makes it stale. The table is null where it is too much to be counted. */
export function pivotQuery(type: string, query: PivotQuery) {
  return queryOptions({
    queryKey: [...keys.lists(type), 'pivot', query],
    queryFn: ({ signal }) => api.get<{ table: PivotTable | null }>(`/records/${type}/pivot`, { ...query }, signal),
    staleTime: 15_000,
  });
}
