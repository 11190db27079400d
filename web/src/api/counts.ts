/** Counts of many filters in one request: rows of a tree that come into sight together are asked about together. */
import { queryOptions } from '@tanstack/react-query';
import { api } from './client';
import { keys } from './keys';
import type { RecordCount } from './types';

/** How long others are waited for, in milliseconds: rows that appear together ask within one or two frames. */
const GATHER_MS = 25;
/** Most filters of one request. */
const MAX_FILTERS = 100;

interface Waiting {
  filter: string;
  resolve: (count: RecordCount) => void;
  reject: (reason: unknown) => void;
}

const waiting = new Map<string, Waiting[]>();

async function ask(type: string, asked: readonly Waiting[]): Promise<void> {
  try {
    const { counts } = await api.post<{ counts: RecordCount[] }>(`/records/${type}/counts`, { filters: asked.map(({ filter }) => filter) });
    asked.forEach(({ resolve, reject }, index) => {
      const count = counts[index];
      if (count === undefined) reject(new Error('A count is missing.'));
      else resolve(count);
    });
  } catch (error) {
    asked.forEach(({ reject }) => reject(error));
  }
}

function gather(type: string, filter: string): Promise<RecordCount> {
  return new Promise((resolve, reject) => {
    const asked = waiting.get(type);
    if (asked !== undefined) {
      asked.push({ filter, resolve, reject });
      return;
    }
    waiting.set(type, [{ filter, resolve, reject }]);
    setTimeout(() => {
      const all = waiting.get(type) ?? [];
      waiting.delete(type);
      for (let from = 0; from < all.length; from += MAX_FILTERS) void ask(type, all.slice(from, from + MAX_FILTERS));
    }, GATHER_MS);
  });
}

/** How many records a filter finds, asked for with the others that are wanted now. */
export function gatheredCountQuery(type: string, filter: string) {
  return queryOptions({ queryKey: keys.count(type, { filter }), queryFn: () => gather(type, filter), staleTime: 0 });
}

/** With how many of the records that a filter finds one may do something. */
export function openCountQuery(type: string, filter: string, may: 'change' | 'delete') {
  return queryOptions({
    queryKey: keys.count(type, { filter, may }),
    queryFn: async () => (await api.post<{ counts: RecordCount[] }>(`/records/${type}/counts`, { filters: [filter], may })).counts[0],
    staleTime: 0,
  });
}
