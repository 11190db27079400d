/** Letters out: the mail server, a trial, and what became of each letter. */
import { useInfiniteQuery, useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { api } from './client';
import { keys } from './keys';
import type { Page } from './types';

export type MailSecurity = 'starttls' | 'tls' | 'none';

export interface MailSettings {
  is_set_up: boolean;
  /** Empty for no mail. */
  host: string;
  port: number;
  security: MailSecurity;
  user: string;
  has_password: boolean;
  sender_address: string;
  sender_name: string;
  /** Where browsers reach the program; empty when nobody has said so. */
  public_url: string;
  /** The operator has set it on the command line. */
  is_public_url_fixed: boolean;
}

export type MailChange = Partial<Pick<MailSettings, 'host' | 'port' | 'security' | 'user' | 'sender_address' | 'sender_name'>> & { password?: string };

export type LetterState = 'waiting' | 'sending' | 'sent' | 'refused' | 'given_up' | 'expired';
export type LetterGroup = 'open' | 'sent' | 'failed';

export interface Letter {
  id: number;
  kind: string;
  receiver: string;
  receiver_name: string;
  subject: string;
  state: LetterState;
  attempts: number;
  created_at: string;
  due_at: string | null;
  sent_at: string | null;
  error_code: string | null;
  /** In the words of the server. */
  error_text: string | null;
  can_resend: boolean;
}

export interface TrialResult {
  is_sent: boolean;
  code: string | null;
  text: string | null;
}

export function useMailSettings() {
  return useQuery({ queryKey: keys.mailSettings, queryFn: ({ signal }) => api.get<MailSettings>('/mail/settings', undefined, signal) });
}

export function useChangeMailSettings() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (change: MailChange) => api.patch<MailSettings>('/mail/settings', change),
    onSuccess: (settings) => client.setQueryData(keys.mailSettings, settings),
    gcTime: 0,
  });
}

/** Where browsers reach the program is a setting of the installation. */
export function useChangePublicUrl() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (url: string) => api.patch<unknown>('/installation', { public_url: url }),
    onSuccess: () =>
      Promise.all([client.invalidateQueries({ queryKey: keys.mailSettings }), client.invalidateQueries({ queryKey: keys.session, exact: true })]),
  });
}

export function useSendTrial() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (address: string) => api.post<TrialResult>('/mail/trial', { address }),
    onSettled: () => client.invalidateQueries({ queryKey: keys.letters }),
  });
}

/** The newest first. What waits changes by itself, so the list is read again now and then. */
export function useLetters(group: LetterGroup | null) {
  return useInfiniteQuery({
    queryKey: [...keys.letters, group],
    queryFn: ({ pageParam, signal }) => api.get<Page<Letter>>('/mail/letters', { state: group ?? undefined, cursor: pageParam }, signal),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: (page) => page.next_cursor ?? undefined,
    refetchInterval: 15_000,
  });
}

export function useResendLetter() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (id: number) => api.post<Letter>(`/mail/letters/${id}/resend`, {}),
    onSettled: () => client.invalidateQueries({ queryKey: keys.letters }),
  });
}
