/** Identity providers: logging in with one, the own accounts, and, for administrators, which there are. */
import { queryOptions, useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { api } from './client';
import { keys } from './keys';
import { beginSession } from './session';
import type { OpenSecondStep } from './sign-in';
import type { Page, Session } from './types';

/** What the login page says of a provider. */
export interface ProviderButton {
  id: number;
  name: string;
}

/** What is wanted of a provider: to come in, to tie an account to the own user, to show once more who one is. */
export type ProviderWish = 'log_in' | 'link' | 'confirm';

const BEGIN = {
  log_in: (id: number) => `/session/providers/${id}/begin` as const,
  link: (id: number) => `/session/identities/link/${id}` as const,
  confirm: (id: number) => `/session/confirm/${id}` as const,
} satisfies Record<ProviderWish, (id: number) => string>;

/** Where the page goes when the browser is back; kept in the tab, so that no address of another host can come in with the answer. */
const NEXT = 'kartoteka.sign-in.next';

/** Sends the browser to a provider; `next` is the path to go on at. */
export function useBeginProvider() {
  return useMutation({
    mutationFn: async ({ id, wish, next }: { id: number; wish: ProviderWish; next: string | undefined }) => {
      const { url } = await api.post<{ url: string }>(BEGIN[wish](id));
      if (next === undefined) sessionStorage.removeItem(NEXT);
      else sessionStorage.setItem(NEXT, next);
      window.location.assign(url);
    },
    gcTime: 0,
  });
}

/** The path to go on at, once. */
export function takeNext(): string | undefined {
  const next = sessionStorage.getItem(NEXT) ?? undefined;
  sessionStorage.removeItem(NEXT);
  return next;
}

/** What the browser was given by the provider. */
export interface ProviderAnswer {
  state: string;
  code?: string;
  error?: string;
  iss?: string;
}

export type FinishedSignIn =
  | { result: 'entered' | 'linked'; session: Session; step: null }
  | { result: 'second_step' | 'confirm_second_step'; session: null; step: OpenSecondStep }
  | { result: 'confirmed'; session: null; step: null };

export function useFinishProvider() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (answer: ProviderAnswer) => api.post<FinishedSignIn>('/session/providers/finish', answer),
    gcTime: 0,
    onSuccess: ({ session }) => {
      if (session !== null) beginSession(client, session);
    },
  });
}

export interface LinkedIdentity {
  id: number;
  /** While the provider is open. */
  provider_id: number | null;
  provider: string;
  is_directory: boolean;
  email: string | null;
  created_at: string;
  last_used_at: string | null;
}

export function useIdentities() {
  return useQuery({
    queryKey: keys.identities,
    queryFn: ({ signal }) => api.get<Page<LinkedIdentity>>('/session/identities', undefined, signal),
  });
}

export function useUnlinkIdentity() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (id: number) => api.delete<undefined>(`/session/identities/${id}`),
    onSuccess: () => client.invalidateQueries({ queryKey: keys.session }),
  });
}

/** A provider as administrators see it; its secret goes in and never comes back. */
export interface IdentityProvider {
  id: number;
  name: string;
  issuer: string;
  client_id: string;
  has_secret: boolean;
  is_active: boolean;
  links_by_email: boolean;
  new_user_role: number | null;
  domains: string[];
  is_second_step: boolean;
  /** The directory that it is; null for OpenID Connect. */
  directory: Directory | null;
}

/** Where a directory (LDAP) is and how people are found in it. */
export interface Directory {
  host: string;
  port: number;
  security: 'ldaps' | 'start_tls' | 'none';
  accepts_clear_text: boolean;
  authority: string;
  bind_dn: string;
  base_dn: string;
  filter: string;
  id_attribute: string;
  login_attribute: string;
  name_attribute: string;
  email_attribute: string;
}

type Shared = Omit<IdentityProvider, 'id' | 'has_secret' | 'directory' | 'issuer' | 'client_id'> & { secret?: string };

export type OpenIdInput = Shared & { issuer: string; client_id: string };
export type ProviderInput = OpenIdInput | (Shared & { directory: Directory });

export const identityProvidersQuery = queryOptions({
  queryKey: keys.identityProviders,
  queryFn: ({ signal }) => api.get<{ items: IdentityProvider[]; redirect_uri: string | null }>('/identity-providers', undefined, signal),
});

function useForgetProviders(): () => Promise<void> {
  const client = useQueryClient();
  return () => client.invalidateQueries({ queryKey: keys.identityProviders });
}

/** Adds one, or changes the one of an id. */
export function useSaveProvider(id: number | null) {
  const forget = useForgetProviders();
  return useMutation({
    mutationFn: (input: ProviderInput) =>
      id === null ? api.post<IdentityProvider>('/identity-providers', input) : api.put<IdentityProvider>(`/identity-providers/${id}`, input),
    gcTime: 0,
    onSuccess: forget,
  });
}

export function useRemoveProvider() {
  const forget = useForgetProviders();
  return useMutation({ mutationFn: (id: number) => api.delete<undefined>(`/identity-providers/${id}`), onSuccess: forget });
}

export function useOrderProviders() {
  const forget = useForgetProviders();
  return useMutation({ mutationFn: (ids: readonly number[]) => api.put<undefined>('/identity-providers/order', { ids }), onSettled: forget });
}

/** What is wrong with what an issuer publishes; null for nothing. */
export interface ProviderTrial {
  code: string | null;
  detail: string | null;
}

export function useTryProvider() {
  return useMutation({ mutationFn: (issuer: string) => api.post<ProviderTrial>('/identity-providers/trial', { issuer }) });
}

/** One step of trying a directory; `code` is what is wrong with it. */
export interface DirectoryStep {
  step: 'connect' | 'tls' | 'bind' | 'find' | 'password';
  code: string | null;
  detail: string | null;
  /** Whom it has found. */
  person: string | null;
}

export interface DirectoryTrial {
  provider: number | null;
  directory: Directory;
  secret: string;
  login: string;
  password: string;
}

export function useTryDirectory() {
  return useMutation({
    mutationFn: (trial: DirectoryTrial) => api.post<{ steps: DirectoryStep[] }>('/identity-providers/directory-trial', trial),
    gcTime: 0,
  });
}

/** Ties an account of a directory to the own user. */
export function useLinkDirectory(id: number) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (input: { login: string; password: string }) => api.post<undefined>(`/session/identities/directory/${id}`, input),
    gcTime: 0,
    onSuccess: () => client.invalidateQueries({ queryKey: keys.session }),
  });
}
