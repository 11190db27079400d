/** Inviting people, coming in by an invitation, and a new password by mail. */
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { api } from './client';
import { keys } from './keys';
import type { Letter } from './mail';
import { forgetRecords } from './records';
import { beginSession } from './session';
import type { Page, RecordItem, Session } from './types';
import type { Employment } from './users';

export interface OpenInvitation {
  user_id: number;
  created_at: string;
  expires_at: string;
  /** Its link still opens. */
  is_good: boolean;
  letter: Letter | null;
}

export interface InvitationLink {
  is_mailed: boolean;
  /** Below the address of the program: `/invitation#…`. */
  page: string;
  /** With the address, when somebody has set it. */
  url: string | null;
}

export interface InvitationInput extends Employment {
  name: string;
  email: string;
  roles: number[];
  language: string;
  makes_card: boolean;
}

/** The link to hand over. Where nobody has set the address, the one that this page is open at is right for the one who looks at it. */
export function addressOf(link: InvitationLink): string {
  return link.url ?? `${window.location.origin}${link.page}`;
}

export function useInvitations() {
  return useQuery({ queryKey: keys.invitations, queryFn: ({ signal }) => api.get<Page<OpenInvitation>>('/invitations', undefined, signal) });
}

/** The answer has the link, which cannot be asked for again; it is kept nowhere but in the dialog. */
export function useInvite() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (input: InvitationInput) => api.post<{ record: RecordItem; invitation: InvitationLink }>('/invitations', input),
    gcTime: 0,
    onSuccess: (_answer, { makes_card: makesCard }) => {
      if (makesCard) forgetRecords(client, 'contact');
      void client.invalidateQueries({ queryKey: keys.invitations });
      return client.invalidateQueries({ queryKey: keys.type('user') });
    },
  });
}

/** A new link; the one before is void. */
export function useRenewInvitation() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: ({ id, isMailed }: { id: number; isMailed: boolean }) =>
      api.post<InvitationLink>(`/invitations/${id}/renew`, { is_mailed: isMailed }),
    gcTime: 0,
    onSettled: () => client.invalidateQueries({ queryKey: keys.invitations }),
  });
}

export function useRevokeInvitation() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (id: number) => api.delete<undefined>(`/invitations/${id}`),
    onSettled: () => client.invalidateQueries({ queryKey: keys.invitations }),
  });
}

export interface InvitationView {
  name: string;
  email: string | null;
  language: string;
  company_name: string;
}

/** Who is invited by a link. Asked once: the link is in the hands of the one who looks. */
export function useInvitationView(token: string) {
  return useQuery({
    queryKey: ['invitation'],
    queryFn: () => api.post<InvitationView>('/invitations/look', { token }),
    retry: false,
    staleTime: Infinity,
    gcTime: 0,
  });
}

export function useAcceptInvitation() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (input: { token: string; login: string; password: string }) => api.post<Session>('/invitations/accept', input),
    gcTime: 0,
    onSuccess: (session) => beginSession(client, session),
  });
}

export function useAskForReset() {
  return useMutation({ mutationFn: (typed: string) => api.post<undefined>('/password-resets', { login_or_email: typed }) });
}

export function useResetView(token: string) {
  return useQuery({
    queryKey: ['password-reset'],
    queryFn: () => api.post<{ login: string }>('/password-resets/look', { token }),
    retry: false,
    staleTime: Infinity,
    gcTime: 0,
  });
}

export function useCompleteReset() {
  return useMutation({
    mutationFn: (input: { token: string; new_password: string }) => api.post<undefined>('/password-resets/complete', input),
    gcTime: 0,
  });
}
