/** All schedules and holidays: few, so they are read at once. */
import { queryOptions } from '@tanstack/react-query';
import { api } from '@/api/client';
import { keys } from '@/api/keys';
import type { RecordItem, RecordPage } from '@/api/types';

const LIMIT = 200;

async function readAll(type: 'schedule' | 'holiday', sort: string, signal: AbortSignal): Promise<RecordItem[]> {
  const items: RecordItem[] = [];
  let cursor: string | null = null;
  do {
    const page: RecordPage = await api.get<RecordPage>(`/records/${type}`, { sort, limit: LIMIT, cursor }, signal);
    items.push(...page.items);
    cursor = page.next_cursor;
  } while (cursor !== null);
  return items;
}

export const schedulesQuery = queryOptions({
  queryKey: [...keys.lists('schedule'), 'all'],
  queryFn: ({ signal }) => readAll('schedule', 'name', signal),
  staleTime: 15_000,
});

export const holidaysQuery = queryOptions({
  queryKey: [...keys.lists('holiday'), 'all'],
  queryFn: ({ signal }) => readAll('holiday', 'date', signal),
  staleTime: 15_000,
});
