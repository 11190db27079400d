/** All active users, for screens that show how they belong together. */
import { queryOptions } from '@tanstack/react-query';
import { api } from '@/api/client';
import { keys } from '@/api/keys';
import type { RecordItem, RecordPage } from '@/api/types';

const LIMIT = 200;

export const activeUsersQuery = queryOptions({
  queryKey: [...keys.lists('user'), 'active'],
  queryFn: async ({ signal }) => {
    const items: RecordItem[] = [];
    let cursor: string | null = null;
    do {
      const page: RecordPage = await api.get<RecordPage>('/records/user', { filter: 'is_active = true', sort: 'name', limit: LIMIT, cursor }, signal);
      items.push(...page.items);
      cursor = page.next_cursor;
    } while (cursor !== null);
    return items;
  },
  staleTime: 15_000,
});
