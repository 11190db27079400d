import { useRouter, type LinkProps } from '@tanstack/react-router';
import { useCallback } from 'react';

declare module '@tanstack/react-router' {
  interface HistoryState {
    /** Which request to leave has led here. */
    leave?: number;
  }
}

let lastLeave = 0;

/**
 * Goes somewhere and does something once one is there. A card with an edit that the server refuses stays, and then nothing is done:
 * the promise of `navigate` does not tell, so the step in the history carries the number of its request.
 */
export function useLeaveThen(): (to: Pick<LinkProps, 'to' | 'params' | 'search'>, then: () => void) => void {
  const router = useRouter();
  return useCallback(
    (to, then) => {
      lastLeave += 1;
      const leave = lastLeave;
      const stop = router.history.subscribe(({ location }) => {
        stop();
        if (location.state.leave === leave) then();
      });
      void router.navigate({ ...to, state: { leave } });
    },
    [router],
  );
}
