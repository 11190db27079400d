/** The keys with which other programs ask and write. */
import { queryOptions, useMutation, useQueryClient } from '@tanstack/react-query';
import { api } from './client';
import { keys } from './keys';
import type { Page, RecordReference } from './types';

export interface ApiKey {
  id: number;
  name: string;
  /** Whose it is: the program may what he may, less what the key was limited to. */
  user: RecordReference;
  /** The only types of records it is for; null for all. */
  types: string[] | null;
  may_write: boolean;
  created_at: string;
  expires_at: string | null;
  is_over: boolean;
  last_used_at: string | null;
  last_address: string | null;
  /** Requests of today. */
  written_today: number;
  refused_today: number;
  /** The code of the last refusal. */
  last_error: string | null;
  last_error_at: string | null;
}

export interface NewApiKey extends ApiKey {
  key: string;
}

export interface ApiKeyInput {
  name: string;
  types: string[] | null;
  may_write: boolean;
  valid_days: number | null;
  never_expires: boolean;
}

/** The own keys, or, for who keeps the users, those of everybody. */
export const apiKeysQuery = (whose: 'own' | 'all') =>
  queryOptions({
    queryKey: [...keys.apiKeys, whose],
    queryFn: ({ signal }) => api.get<Page<ApiKey>>(whose === 'own' ? '/session/api-keys' : '/api-keys', undefined, signal),
  });

/** The answer has the key, which cannot be asked for again; it is kept nowhere but in the dialog. */
export function useCreateApiKey() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (input: ApiKeyInput) => api.post<NewApiKey>('/session/api-keys', input),
    gcTime: 0,
    onSuccess: () => client.invalidateQueries({ queryKey: keys.apiKeys }),
  });
}

export function useRevokeApiKey() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (id: number) => api.delete<undefined>(`/api-keys/${id}`),
    onSuccess: () => client.invalidateQueries({ queryKey: keys.apiKeys }),
  });
}
