/** Webhooks and the log of what they sent; for administrators. */
import { infiniteQueryOptions, queryOptions, useMutation, useQueryClient } from '@tanstack/react-query';
import { api } from './client';
import type { Page, RecordReference } from './types';

export const WEBHOOK_ACTIONS = ['created', 'updated', 'deleted', 'restored'] as const;
export type WebhookAction = (typeof WEBHOOK_ACTIONS)[number];

export interface WebhookSubscription {
  type: string;
  actions: WebhookAction[];
  /** In the filter language; null for every record. */
  filter: string | null;
}

export interface Webhook {
  id: number;
  name: string;
  url: string;
  /** As whom it acts: it tells what he sees. */
  user: RecordReference;
  subscriptions: WebhookSubscription[];
  is_active: boolean;
  /** Why the program switched it off; null while it is on, and when a person did. */
  off_reason: 'gone' | 'failing' | 'user_inactive' | 'feature_closed' | null;
  off_at: string | null;
  failing_since: string | null;
  old_secret_until: string | null;
  created_by: RecordReference | null;
  created_at: string;
}

export interface WebhookInput {
  name: string;
  url: string;
  user_id: number;
  subscriptions: WebhookSubscription[];
}

export const DELIVERY_STATES = ['waiting', 'done', 'failed', 'skipped'] as const;
export type DeliveryState = (typeof DELIVERY_STATES)[number];

export interface WebhookDelivery {
  id: number;
  message_id: string;
  /** Null for a trial, as is the record. */
  type: string | null;
  record_id: number | null;
  action: WebhookAction | 'trial';
  operation_id: number | null;
  event_at: string;
  state: DeliveryState;
  attempts: number;
  next_at: string | null;
  status: number | null;
  error: string | null;
  finished_at: string | null;
}

export interface WebhookAttempt {
  at: string;
  status: number | null;
  error: string | null;
  duration_ms: number;
  request: string | null;
  answer: string | null;
}

export interface WebhookDeliveryDetails extends WebhookDelivery {
  log: WebhookAttempt[];
}

export const webhookKeys = {
  all: ['webhooks'] as const,
  list: ['webhooks', 'list'] as const,
  one: (id: number) => ['webhooks', 'one', id] as const,
  deliveries: (id: number, state: DeliveryState | null) => ['webhooks', 'deliveries', id, state] as const,
  delivery: (id: number, deliveryId: number) => ['webhooks', 'delivery', id, deliveryId] as const,
};

/** While something waits, the log is read again so often. */
const LOOK_AGAIN_MS = 3_000;

export const webhooksQuery = queryOptions({
  queryKey: webhookKeys.list,
  queryFn: ({ signal }) => api.get<Page<Webhook>>('/webhooks', undefined, signal),
});

export const webhookQuery = (id: number) =>
  queryOptions({
    queryKey: webhookKeys.one(id),
    queryFn: ({ signal }) => api.get<Webhook>(`/webhooks/${id}`, undefined, signal),
  });

export const deliveriesQuery = (id: number, state: DeliveryState | null) =>
  infiniteQueryOptions({
    queryKey: webhookKeys.deliveries(id, state),
    queryFn: ({ pageParam, signal }) =>
      api.get<Page<WebhookDelivery>>(`/webhooks/${id}/deliveries`, { state, cursor: pageParam, limit: 50 }, signal),
    initialPageParam: null as string | null,
    getNextPageParam: (page) => page.next_cursor,
    refetchInterval: ({ state: { data } }) =>
      data !== undefined && data.pages.length === 1 && data.pages[0]?.items.some((one) => one.state === 'waiting') === true ? LOOK_AGAIN_MS : false,
  });

export const deliveryQuery = (id: number, deliveryId: number) =>
  queryOptions({
    queryKey: webhookKeys.delivery(id, deliveryId),
    queryFn: ({ signal }) => api.get<WebhookDeliveryDetails>(`/webhooks/${id}/deliveries/${deliveryId}`, undefined, signal),
  });

/** The answer has the secret, which cannot be asked for again; it is kept nowhere but in the dialog. */
export function useCreateWebhook() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (input: WebhookInput) => api.post<Webhook & { secret: string }>('/webhooks', input),
    gcTime: 0,
    onSuccess: () => client.invalidateQueries({ queryKey: webhookKeys.all }),
  });
}

export function useChangeWebhook(id: number) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (change: Partial<WebhookInput> & { is_active?: boolean }) => api.patch<Webhook>(`/webhooks/${id}`, change),
    onSuccess: () => client.invalidateQueries({ queryKey: webhookKeys.all }),
  });
}

export function useDeleteWebhook() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (id: number) => api.delete<undefined>(`/webhooks/${id}`),
    onSuccess: () => client.invalidateQueries({ queryKey: webhookKeys.list }),
  });
}

/** As with a new webhook, the secret is answered this once. */
export function useRotateSecret(id: number) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: () => api.post<{ secret: string; old_secret_until: string }>(`/webhooks/${id}/secret`, {}),
    gcTime: 0,
    onSuccess: () => client.invalidateQueries({ queryKey: webhookKeys.one(id) }),
  });
}

export function useTryWebhook(id: number) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: () => api.post<WebhookDeliveryDetails>(`/webhooks/${id}/trial`, {}),
    onSuccess: () => client.invalidateQueries({ queryKey: ['webhooks', 'deliveries', id] }),
  });
}

export function useReplayDelivery(id: number) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (deliveryId: number) => api.post<WebhookDeliveryDetails>(`/webhooks/${id}/deliveries/${deliveryId}/replay`, {}),
    onSuccess: () => client.invalidateQueries({ queryKey: webhookKeys.all }),
  });
}

/** Everything that was given up since a moment goes out once more. */
export function useReplayFailed(id: number) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (since: string) => api.post<{ count: number }>(`/webhooks/${id}/replay`, { since }),
    onSuccess: () => client.invalidateQueries({ queryKey: webhookKeys.all }),
  });
}
