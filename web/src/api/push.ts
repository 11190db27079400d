/** In which browsers one is told over all windows. */
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { api } from './client';
import { keys } from './keys';
import { forgetPushHere, subscribeHere, type PushState } from './push-browser';

export type PushTrial = 'sent' | 'gone' | 'refused' | 'unreachable';

export function usePushState() {
  return useQuery({ queryKey: keys.push, queryFn: ({ signal }) => api.get<PushState>('/session/push', undefined, signal) });
}

export function useSubscribeHere() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: ({ user, publicKey }: { user: number; publicKey: string }) => subscribeHere(user, publicKey),
    onSettled: () => client.invalidateQueries({ queryKey: keys.push }),
  });
}

export function useUnsubscribe() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: async ({ id, is_here: isHere }: { id: number; is_here: boolean }) => {
      await api.delete<undefined>(`/session/push/subscriptions/${id}`);
      if (isHere) await forgetPushHere();
    },
    onSettled: () => client.invalidateQueries({ queryKey: keys.push }),
  });
}

export function useTryPush() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: async (id: number) => (await api.post<{ result: PushTrial }>(`/session/push/subscriptions/${id}/test`)).result,
    onSettled: () => client.invalidateQueries({ queryKey: keys.push }),
  });
}
