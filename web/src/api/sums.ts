/** Sums of the amounts of a list, by currency and in that of the company. */
import { queryOptions, type QueryClient } from '@tanstack/react-query';
import { api } from './client';
import { keys } from './keys';
import type { RecordQuery } from './types';

export interface CurrencySum {
  currency: string;
  count: number;
  /** In minor units; null when it is too large to be exact. */
  amount: number | null;
}

/** Amounts that are in no total, because there is no rate. */
export interface MissingRates {
  currency: string;
  currency_id: number | null;
  /** The first day without one. */
  date: string;
  count: number;
}

export interface RecordSum {
  field: string;
  /** The field by whose day rates were taken; null for today. */
  dated_by: string | null;
  /** The field that says how sure amounts are, in percent. */
  weighted_by: string | null;
  /** Null when adding took too long. */
  sums: CurrencySum[] | null;
  converted: (CurrencySum & { weighted: number | null; oldest_rate: string | null }) | null;
  missing: MissingRates[];
}

/** Beside the lists of the type, so that a change of a record makes it stale. */
export function recordSumsQuery(type: string, { filter, search }: RecordQuery, fields: readonly string[]) {
  return queryOptions({
    queryKey: [...keys.lists(type), 'sums', fields.join(','), filter ?? '', search ?? ''],
    queryFn: ({ signal }) => api.get<{ sums: RecordSum[] }>(`/records/${type}/sums`, { fields: fields.join(','), filter, search }, signal),
    enabled: fields.length > 0,
    staleTime: 15_000,
  });
}

/** A rate was entered: sums of all types may be others. */
export function forgetSums(client: QueryClient): void {
  void client.invalidateQueries({ predicate: ({ queryKey }) => queryKey[0] === 'records' && (queryKey[3] === 'sums' || queryKey[3] === 'figures') });
}
