/** Who else has a card open: this window says that it has, and hears who else. */
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useEffect, useRef } from 'react';
import { api, apiUrl } from './client';
import { keys } from './keys';
import type { RecordReference } from './types';

/** The server forgets who has said nothing for two and a half of these. */
const BEAT_MS = 30_000;
/** This window, among those of one person. */
const VIEW = crypto.getRandomValues(new Uint32Array(2)).join('-');

export interface Present {
  user: RecordReference;
  is_editing: boolean;
}

const NOBODY: readonly Present[] = [];

/** The others at a card, while it is on the screen; a window in the background is not there. */
export function usePresence(type: string, id: number, isEditing: boolean): readonly Present[] {
  const client = useQueryClient();
  const doing = useRef<'viewing' | 'editing'>('viewing');
  doing.current = isEditing ? 'editing' : 'viewing';
  const { data, isError, refetch } = useQuery({
    queryKey: keys.presence(type, id),
    queryFn: async ({ signal }) =>
      (await api.post<{ items: Present[] }>(`/records/${type}/${id}/presence`, { view: VIEW, doing: doing.current }, { signal })).items,
    refetchInterval: BEAT_MS,
    refetchOnWindowFocus: 'always',
    staleTime: Infinity,
    gcTime: 0,
    // Nobody misses it: without an answer there is nobody to be seen.
    retry: false,
  });

  const said = useRef(isEditing);
  useEffect(() => {
    if (said.current === isEditing) return;
    said.current = isEditing;
    void refetch();
  }, [isEditing, refetch]);

  useEffect(() => {
    // A page that goes away may still send this.
    const leave = (): void => {
      void fetch(apiUrl(`/records/${type}/${id}/presence`), {
        method: 'POST',
        headers: { 'Content-Type': 'application/json' },
        body: JSON.stringify({ view: VIEW, doing: 'gone' }),
        keepalive: true,
      }).catch(() => undefined);
    };
    window.addEventListener('pagehide', leave);
    return () => {
      window.removeEventListener('pagehide', leave);
      void client.cancelQueries({ queryKey: keys.presence(type, id) });
      leave();
    };
  }, [client, type, id]);
  return isError ? NOBODY : (data ?? NOBODY);
}
