/** What one is notified of, and where. */
import { infiniteQueryOptions, queryOptions, useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { api } from './client';
import { keys } from './keys';
import type { Page, RecordReference } from './types';

export interface Notification {
  id: number;
  kind: string;
  /** The sentence in the language of the reader, without the names of records. */
  text: string;
  actor: RecordReference | null;
  /** The first of its records, those that the reader may see. */
  records: readonly RecordReference[];
  /** How many records it is about. */
  count: number;
  job: { id: number; import_id: number | null } | null;
  created_at: string;
  read_at: string | null;
}

interface Unread {
  /** A hundred stands for more too. */
  unread: number;
}

export const unreadQuery = queryOptions({
  queryKey: keys.unreadNotifications,
  queryFn: ({ signal }) => api.get<Unread>('/session/notifications/unread', undefined, signal),
});

const PAGE_SIZE = 30;

export function notificationsQuery(onlyUnread: boolean) {
  return infiniteQueryOptions({
    queryKey: [...keys.notifications, 'list', onlyUnread],
    initialPageParam: null as string | null,
    queryFn: ({ pageParam, signal }) =>
      api.get<Page<Notification>>(
        '/session/notifications',
        { limit: PAGE_SIZE, ...(onlyUnread ? { unread: true } : {}), ...(pageParam === null ? {} : { cursor: pageParam }) },
        signal,
      ),
    getNextPageParam: (page) => page.next_cursor,
  });
}

/** Marks some as read, or all up to one. */
export function useMarkRead() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (which: { ids: readonly number[] } | { up_to: number }) => api.post<Unread>('/session/notifications/read', which),
    onSuccess: async (answer) => {
      client.setQueryData(keys.unreadNotifications, answer);
      await client.invalidateQueries({ queryKey: [...keys.notifications, 'list'] });
    },
  });
}

export type NotificationChannel = 'page' | 'mail' | 'push';

export interface NotificationSettings {
  kinds: readonly (Record<NotificationChannel, boolean> & { kind: string; label: string })[];
  is_mail_set_up: boolean;
  has_address: boolean;
}

const SETTINGS_PATH = '/session/notification-settings';

export function useNotificationSettings() {
  return useQuery({
    queryKey: keys.notificationSettings,
    queryFn: ({ signal }) => api.get<NotificationSettings>(SETTINGS_PATH, undefined, signal),
  });
}

export function useChangeNotificationSettings() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (change: { kind: string } & Partial<Record<NotificationChannel, boolean>>) =>
      api.patch<NotificationSettings>(SETTINGS_PATH, change),
    // One after the other: the later answer is the newer state.
    scope: { id: 'notification-settings' },
    onSuccess: (answer) => client.setQueryData(keys.notificationSettings, answer),
  });
}
