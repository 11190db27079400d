/** Users beyond what every record can do: passwords. */
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { api } from './client';
import { keys } from './keys';
import type { Role, WriteAnswer } from './types';

export interface NewUser {
  name: string;
  login: string;
  email?: string;
  password: string;
  role: Role;
  language: string;
}

export function useCreateUser() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (user: NewUser) => api.post<WriteAnswer>('/users', user),
    onSuccess: () => client.invalidateQueries({ queryKey: keys.type('user') }),
  });
}

/** An administrator gives another user a new password; all sessions of that user end. */
export function useResetPassword() {
  return useMutation({
    mutationFn: ({ id, password }: { id: number; password: string }) =>
      api.post<undefined>(`/users/${id}/password`, { new_password: password }),
  });
}
