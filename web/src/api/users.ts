/** Users beyond what every record can do: passwords, second steps, sessions. */
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { api } from './client';
import { keys } from './keys';
import { forgetRecords } from './records';
import type { OpenSession, Page, WriteAnswer } from './types';

/** Who somebody is to the company, and his last day (`YYYY-MM-DD`). */
export interface Employment {
  user_kind: string;
  active_until: string | null;
}

export interface NewUser extends Employment {
  name: string;
  login: string;
  email?: string;
  password: string;
  /** Ids of his roles. */
  roles: number[];
  language: string;
  /** Whether he gets a card among the contacts at once. */
  makes_card: boolean;
}

export function useCreateUser() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (user: NewUser) => api.post<WriteAnswer>('/users', user),
    onSuccess: (_answer, { makes_card: makesCard }) => {
      if (makesCard) forgetRecords(client, 'contact');
      return client.invalidateQueries({ queryKey: keys.type('user') });
    },
  });
}

/** Makes the card of a user among the contacts; what it answers is the card. */
export function useMakeUserCard() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (id: number) => api.post<WriteAnswer>(`/users/${id}/card`, {}),
    onSuccess: () => forgetRecords(client, 'contact'),
  });
}

/** An administrator gives another user a new password; all sessions of that user end. */
export function useResetPassword() {
  return useMutation({
    mutationFn: ({ id, password }: { id: number; password: string }) =>
      api.post<undefined>(`/users/${id}/password`, { new_password: password }),
  });
}

/** An administrator takes the second step of login of another user away; his sessions end. */
export function useResetSecondStep() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: ({ id, reason }: { id: number; reason: string }) => api.post<undefined>(`/users/${id}/second-step/reset`, { reason }),
    onSuccess: () => client.invalidateQueries({ queryKey: keys.type('user') }),
  });
}

/** Where another user is logged in. */
export function useUserSessions(id: number) {
  return useQuery({
    queryKey: keys.userSessions(id),
    queryFn: ({ signal }) => api.get<Page<OpenSession>>(`/users/${id}/sessions`, undefined, signal),
  });
}

export function useEndUserSession(id: number) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (sessionId: number) => api.delete<undefined>(`/users/${id}/sessions/${sessionId}`),
    onSuccess: () => client.invalidateQueries({ queryKey: keys.userSessions(id) }),
  });
}

export function useEndUserSessions(id: number) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: () => api.delete<undefined>(`/users/${id}/sessions`),
    onSuccess: () => client.invalidateQueries({ queryKey: keys.userSessions(id) }),
  });
}
