import { MutationCache, QueryCache, QueryClient } from '@tanstack/react-query';
import { isApiError } from '@/api/client';
import { keys } from '@/api/keys';
import type { Session } from '@/api/types';

/** A refusal of the server stays a refusal; only a broken network or an overloaded server is worth another try. */
function isWorthRetrying(failures: number, error: unknown): boolean {
  return failures < 2 && isApiError(error) && (error.status === 0 || error.status === 503);
}

/** A session that ended elsewhere: the frame sees it and shows the login. */
function noticeEndedSession(error: unknown): void {
  if (!isApiError(error)) return;
  // An administrator has just required a second step: the session is read again, and the frame leads to setting one up.
  if (error.code === 'second_step_missing') void queryClient.invalidateQueries({ queryKey: keys.session, exact: true });
  if (error.code !== 'unauthenticated') return;
  if (queryClient.getQueryData<Session | null>(keys.session)) queryClient.setQueryData(keys.session, null);
}

export const queryClient = new QueryClient({
  queryCache: new QueryCache({ onError: noticeEndedSession }),
  mutationCache: new MutationCache({ onError: noticeEndedSession }),
  defaultOptions: {
    queries: { retry: isWorthRetrying, staleTime: 5_000, refetchOnWindowFocus: true, networkMode: 'always' },
    mutations: { retry: false, networkMode: 'always' },
  },
});
