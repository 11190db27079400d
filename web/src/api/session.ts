/** Session, set-up and the own profile. */
import { queryOptions, useMutation, useQuery, useQueryClient, type QueryClient } from '@tanstack/react-query';
import { createContext, useContext } from 'react';
import type { FormatChoice } from '@/util/format';
import { api, isApiError } from './client';
import { keys } from './keys';
import type { Density, Feature, Installation, OpenSession, Page, Session, Theme } from './types';

/** The session, or null when nobody is logged in. */
export const sessionQuery = queryOptions({
  queryKey: keys.session,
  queryFn: async ({ signal }): Promise<Session | null> => {
    try {
      return await api.get<Session>('/session', undefined, signal);
    } catch (error) {
      if (isApiError(error) && error.status === 401) return null;
      throw error;
    }
  },
  staleTime: Infinity,
});

/** What strangers are told: whether the first administrator is missing, and how one may come in. */
export interface SetupState {
  is_open: boolean;
  resets_by_mail: boolean;
  takes_passkeys: boolean;
  /** Those that are directories have no button: their people type login and password here. */
  providers: { id: number; name: string; is_directory: boolean }[];
  /** Passwords and passkeys are for administrators alone. */
  only_providers: boolean;
}

export const setupQuery = queryOptions({
  queryKey: keys.setup,
  queryFn: ({ signal }) => api.get<SetupState>('/setup', undefined, signal),
  staleTime: 0,
});

/** The session that the frame is drawn for. */
export const FrameSession = createContext<Session | null>(null);

/**
 * The session of a screen that only a logged-in user can reach. It is that of the frame around, not the newest answer: a session that ends while a
 * screen is being drawn is noticed by the frame, which then shows the login.
 */
export function useSession(): Session {
  const session = useContext(FrameSession);
  if (session === null) throw new Error('a screen behind the login was drawn without a session');
  return session;
}

/** Somebody came in: whatever the person before had on the page, catalog and lists, is forgotten first. */
export function beginSession(client: QueryClient, session: Session): void {
  client.clear();
  client.setQueryData(keys.session, session);
}

/** The session is over: nothing that was read in it stays in the memory of the page. */
export function endSession(client: QueryClient): void {
  client.clear();
  client.setQueryData(keys.session, null);
}

/** Whether the page stands without a session, so that what it draws goes because of that. */
export function isSessionOver(client: QueryClient): boolean {
  return client.getQueryData<Session | null>(keys.session) === null;
}

/** Whether a part of the program is open to whoever is logged in. */
export function useMay(feature: Feature): boolean {
  return useSession().permissions.features.includes(feature);
}

export interface SetupInput {
  token: string;
  company_name: string;
  country: string;
  language: string;
  name: string;
  login: string;
  password: string;
}

export function useSetUp() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (input: SetupInput) => api.post<Session>('/setup', input),
    onSuccess: (session) => {
      beginSession(client, session);
      client.setQueryData(keys.setup, { is_open: false, resets_by_mail: false, takes_passkeys: false, providers: [], only_providers: false });
    },
  });
}

export function useLogOut() {
  return useMutation({
    mutationFn: async () => {
      await import('./push-browser').then((push) => push.forgetPushHere()).catch(() => undefined);
      return api.delete<undefined>('/session');
    },
    // A full load forgets everything the person had on the page; what was typed and not saved stands in the storage of the tab.
    onSettled: () => {
      sessionStorage.clear();
      window.location.assign('/login');
    },
  });
}

export interface ProfileChange {
  name?: string;
  /** Null takes it away. */
  photo?: string | null;
  language?: string;
  time_zone?: string;
  theme?: Theme;
  density?: Density;
  /** The whole of the own choice. */
  formats?: FormatChoice;
  pinned_views?: number[];
  default_views?: number[];
}

/** Changes the own profile; the page follows at once and goes back if the server refuses. */
export function useChangeProfile() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (change: ProfileChange) => api.patch<unknown>('/session', change),
    onMutate: (change) => {
      const before = client.getQueryData<Session | null>(keys.session);
      if (before) client.setQueryData<Session>(keys.session, { ...before, user: { ...before.user, ...change } });
      return { before };
    },
    onError: (_error, _change, context) => client.setQueryData(keys.session, context?.before),
    onSettled: () => client.invalidateQueries({ queryKey: keys.session, exact: true }),
  });
}

export type InstallationChange = Partial<Omit<Installation, 'languages' | 'version' | 'has_geocoder'>>;

/** What everyone shares; for administrators. */
export function useChangeInstallation() {
  const client = useQueryClient();
  return useMutation({
    // One after the other: of two quick choices the later is what stays.
    scope: { id: 'installation' },
    mutationFn: (change: InstallationChange) => api.patch<unknown>('/installation', change),
    // The services of login are told the address of the program.
    onSuccess: () =>
      Promise.all([
        client.invalidateQueries({ queryKey: keys.session, exact: true }),
        client.invalidateQueries({ queryKey: keys.identityProviders }),
      ]),
  });
}

export function useChangePassword() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (input: { current_password: string; new_password: string }) => api.post<undefined>('/session/password', input),
    onSuccess: () => client.invalidateQueries({ queryKey: keys.openSessions }),
  });
}

export function useOpenSessions() {
  return useQuery({
    queryKey: keys.openSessions,
    queryFn: ({ signal }) => api.get<Page<OpenSession>>('/session/all', undefined, signal),
  });
}

export function useEndSession() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (id: number) => api.delete<undefined>(`/session/all/${id}`),
    onSuccess: () => client.invalidateQueries({ queryKey: keys.openSessions }),
  });
}
