import { useQueryClient } from '@tanstack/react-query';
import { useBlocker, type ShouldBlockFn } from '@tanstack/react-router';
import { useCallback, useEffect, useRef } from 'react';
import { isSessionOver } from '@/api/session';
import type { OpenEditors } from './open-editors';

interface Place {
  pathname: string;
  search: object;
}

function openId(search: object): unknown {
  return 'open' in search ? search.open : undefined;
}

/** Another filter or sort leaves the card beside the list where it is. */
export function keepsCard(current: Place, next: Place): boolean {
  return current.pathname === next.pathname && openId(current.search) === openId(next.search);
}

/** Saves what stands in the open editors before the card goes; it stays as long as the server refuses. */
export function useLeaveGuard(editors: OpenEditors, onStay: (fieldName: string) => void): void {
  const client = useQueryClient();
  const stay = useRef(onStay);
  useEffect(() => {
    stay.current = onStay;
  });
  const shouldBlockFn = useCallback<ShouldBlockFn>(
    async ({ current, next }) => {
      // Without a session nothing can be saved; what was typed is kept as a draft.
      if (keepsCard(current, next) || !editors.isDirty() || isSessionOver(client)) return false;
      const [refused] = await editors.commitAll();
      if (refused === undefined) return false;
      editors.focus(refused);
      stay.current(refused);
      return true;
    },
    [client, editors],
  );
  const enableBeforeUnload = useCallback(() => editors.isDirty(), [editors]);
  useBlocker({ shouldBlockFn, enableBeforeUnload });
}
