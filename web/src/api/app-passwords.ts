/** The passwords of phones and programs that read the address book. */
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { api } from './client';
import { keys } from './keys';
import type { Page } from './types';

/** Which contacts a device gets: those one is responsible for, or all that one sees. */
export type AppPasswordContacts = 'own' | 'all';

export interface AppPassword {
  id: number;
  name: string;
  contacts: AppPasswordContacts;
  created_at: string;
  last_used_at: string | null;
}

export interface NewAppPassword extends AppPassword {
  login: string;
  password: string;
}

export function useAppPasswords() {
  return useQuery({
    queryKey: keys.appPasswords,
    queryFn: ({ signal }) => api.get<Page<AppPassword>>('/session/app-passwords', undefined, signal),
  });
}

/** The answer has the password, which cannot be asked for again; it is kept nowhere but in the dialog. */
export function useCreateAppPassword() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (input: { name: string; contacts: AppPasswordContacts }) => api.post<NewAppPassword>('/session/app-passwords', input),
    gcTime: 0,
    onSuccess: () => client.invalidateQueries({ queryKey: keys.appPasswords }),
  });
}

export function useRevokeAppPassword() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (id: number) => api.delete<undefined>(`/session/app-passwords/${id}`),
    onSuccess: () => client.invalidateQueries({ queryKey: keys.appPasswords }),
  });
}
