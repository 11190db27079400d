/** The second step of login, and giving the password again before one changes how one logs in. */
import { useMutation, useQuery, useQueryClient, type QueryClient } from '@tanstack/react-query';
import { api, isApiError } from './client';
import { keys } from './keys';
import { beginSession } from './session';
import type { Session } from './types';

/** What a right password leads to for somebody who has a second step: no session yet. */
export interface OpenSecondStep {
  ticket: string;
  expires_at: string;
  has_codes: boolean;
  has_passkeys: boolean;
}

export interface SecondStep {
  codes_since: string | null;
  recovery_codes_left: number;
  is_required: boolean;
}

export interface CodeSetup {
  ticket: string;
  key: string;
  uri: string;
  picture: { size: number; path: string };
}

export interface RecoveryCodes {
  recovery_codes: string[];
}

/** The first step of a login: a session, or what the second step needs. */
export function useLogIn() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (input: { login: string; password: string }) => api.post<Session | OpenSecondStep>('/session', input),
    gcTime: 0,
    onSuccess: (answer) => {
      if (!('ticket' in answer)) beginSession(client, answer);
    },
  });
}

/** What the second step is for: coming in, or showing once more who one is before one changes how one logs in. */
export type SecondStepWish = 'log_in' | 'confirm';

export function useFinishSecondStep(wish: SecondStepWish) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (input: { ticket: string; code: string }) =>
      wish === 'log_in' ? api.post<Session>('/session/second-step/finish', input) : api.post<undefined>('/session/confirm/second-step', input),
    gcTime: 0,
    onSuccess: (session) => {
      if (session !== undefined) beginSession(client, session);
    },
  });
}

export function useSecondStep() {
  return useQuery({
    queryKey: keys.secondStep,
    queryFn: ({ signal }) => api.get<SecondStep>('/session/second-step', undefined, signal),
  });
}

/** The password has to be given again: the login is more than a quarter of an hour ago. */
export function wantsPassword(error: unknown): boolean {
  return isApiError(error) && error.code === 'confirmation_required';
}

/** Nothing when that was enough; else what the second step needs. */
export function useConfirmPassword() {
  return useMutation({
    mutationFn: (password: string) => api.post<OpenSecondStep | undefined>('/session/confirm', { password }),
    gcTime: 0,
  });
}

/** What is answered this once is kept nowhere but in the dialog. */
export function useBeginCodeSetup() {
  return useMutation({ mutationFn: () => api.post<CodeSetup>('/session/second-step/codes'), gcTime: 0 });
}

export function useConfirmCodeSetup() {
  return useMutation({
    mutationFn: (input: { ticket: string; code: string }) => api.post<RecoveryCodes>('/session/second-step/codes/confirm', input),
    gcTime: 0,
  });
}

export function useRemoveCodes() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (input: { password: string; code: string }) => api.post<RecoveryCodes>('/session/second-step/codes/remove', input),
    gcTime: 0,
    onSuccess: () => forgetSecondStep(client),
  });
}

export function useRenewRecoveryCodes() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: () => api.post<RecoveryCodes>('/session/second-step/recovery-codes'),
    gcTime: 0,
    onSuccess: () => client.invalidateQueries({ queryKey: keys.secondStep }),
  });
}

/** The second step has changed: what the page knows of it, of the session and of its neighbours is read again. */
export function forgetSecondStep(client: QueryClient): Promise<void> {
  return client.invalidateQueries({ queryKey: keys.session });
}
