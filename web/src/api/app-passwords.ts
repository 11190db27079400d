/** The passwords of phones and programs that keep an address book or calendars in step, and the secret addresses of calendars. */
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { api } from './client';
import { keys } from './keys';
import type { Page } from './types';

/** Which contacts a device gets: those one is responsible for, all that one sees, or those of a saved view or group. */
export type AppPasswordContacts = 'own' | 'all' | 'view' | 'group';

/** The address book, the address of a calendar that is only read, or the own events and tasks. */
export type AppPasswordGives = 'contacts' | 'calendar' | 'events_and_tasks';

export interface AppPassword {
  id: number;
  name: string;
  gives: AppPasswordGives;
  /** Null for what gives no contacts. */
  contacts: AppPasswordContacts | null;
  /** The view or group, and its name; without a name it is gone or not seen any more, and the device gets nobody. */
  contacts_id: number | null;
  contacts_title: string | null;
  may_write: boolean;
  created_at: string;
  last_used_at: string | null;
}

export interface NewAppPassword extends AppPassword {
  login: string;
  password: string;
  /** Where the calendar is, below the address of the program. */
  address: string | null;
}

export function useAppPasswords() {
  return useQuery({
    queryKey: keys.appPasswords,
    queryFn: ({ signal }) => api.get<Page<AppPassword>>('/session/app-passwords', undefined, signal),
  });
}

export type AppPasswordInput =
  | { name: string; contacts: AppPasswordContacts; contacts_id: number | null; may_write: boolean }
  | { name: string; gives: 'calendar' }
  | { name: string; gives: 'events_and_tasks'; may_write: boolean };

/** The answer has the password, which cannot be asked for again; it is kept nowhere but in the dialog. */
export function useCreateAppPassword() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (input: AppPasswordInput) => api.post<NewAppPassword>('/session/app-passwords', input),
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
