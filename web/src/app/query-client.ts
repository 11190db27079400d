import { MutationCache, QueryCache, QueryClient } from '@tanstack/react-query';
import { isApiError } from '@/api/client';
import { keys } from '@/api/keys';
import type { Session } from '@/api/types';

/** A refusal of the server stays a refusal; only a broken network or an overloaded server is worth another try. */
function isWorthRetrying(failures: number, error: unknown): boolean {
  return failures < 2 && isApiError(error) && (error.status === 0 || error.status === 503);
}

/**
 * A session that ended elsewhere, or may do nothing before it has a second step: the frame sees it and leads on. The session is asked again instead
 * of being forgotten, for the refused question may have been on its way while the session got another token.
 */
function noticeEndedSession(error: unknown): void {
  if (!isApiError(error) || !['unauthenticated', 'second_step_missing'].includes(error.code)) return;
  if (queryClient.getQueryData<Session | null>(keys.session)) void queryClient.invalidateQueries({ queryKey: keys.session, exact: true });
}

export const queryClient = new QueryClient({
  queryCache: new QueryCache({ onError: noticeEndedSession }),
  mutationCache: new MutationCache({ onError: noticeEndedSession }),
  defaultOptions: {
    queries: { retry: isWorthRetrying, staleTime: 5_000, refetchOnWindowFocus: true, networkMode: 'always' },
    mutations: { retry: false, networkMode: 'always' },
  },
});
