/** What a colleague who leaves had, and who gets it. */
import { queryOptions, useMutation, useQueryClient } from '@tanstack/react-query';
import { api } from './client';
import { showJob } from './jobs';
import { keys } from './keys';
import type { Job } from './types';

export interface Holding {
  type: string;
  field: string;
  count: number;
  is_capped: boolean;
}

export interface Heir {
  type: string;
  field: string;
  /** Nobody where he is only taken out. */
  to: number | null;
}

export function holdingsQuery(userId: number) {
  return queryOptions({
    queryKey: [...keys.record('user', userId), 'holdings'],
    queryFn: ({ signal }) => api.get<{ items: Holding[] }>(`/users/${userId}/holdings`, undefined, signal),
    staleTime: 0,
  });
}

/** A job; its operation takes everything back. */
export function useHandOver(userId: number) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (heirs: Heir[]) => api.post<{ job: Job }>(`/users/${userId}/hand-over`, { heirs, deactivates: true }),
    onSuccess: ({ job }) => {
      showJob(client, job);
      void client.invalidateQueries({ queryKey: keys.type('user') });
    },
  });
}
