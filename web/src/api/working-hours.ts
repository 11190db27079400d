/** When people may work, and letting one in outside of it. */
import { queryOptions, useMutation, useQueryClient } from '@tanstack/react-query';
import { api, newIdempotencyKey } from './client';
import { keys } from './keys';
import type { WriteAnswer } from './types';

/** Hours without a break, `09:00` to `18:00`; who ends before he began ends on the next day. */
export interface Span {
  from: string;
  to: string;
}

export interface WorkingDay {
  date: string;
  hours: Span[];
  cause: 'plan' | 'holiday' | 'own';
  name: string | null;
}

export interface WorkingHours {
  /** Null for whoever always may. */
  schedule: { id: number; title: string } | null;
  /** An administrator: no schedule holds him. */
  is_exempt: boolean;
  time_zone: string;
  minutes_before: number;
  minutes_after: number;
  is_open: boolean;
  open_until: string | null;
  opens_at: string | null;
  admitted_until: string | null;
  /** JSON, as in the record of the user. */
  own_days: string | null;
  /** The next two weeks. */
  days: WorkingDay[];
}

/** They follow the record of the user, so they are read again with it. */
export function workingHoursQuery(userId: number) {
  return queryOptions({
    queryKey: [...keys.record('user', userId), 'hours'],
    queryFn: ({ signal }) => api.get<WorkingHours>(`/users/${userId}/hours`, undefined, signal),
  });
}

export const ownHoursQuery = queryOptions({
  queryKey: ['session', 'hours'],
  queryFn: ({ signal }) => api.get<WorkingHours>('/session/hours', undefined, signal),
});

/** Lets somebody in until a time. */
export function useAdmitUser() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: ({ id, ...input }: { id: number; until: string; reason: string }) =>
      api.post<WriteAnswer>(`/users/${id}/admission`, input, { idempotencyKey: newIdempotencyKey() }),
    onSuccess: (_answer, { id }) => client.invalidateQueries({ queryKey: keys.record('user', id) }),
  });
}

export function useEndAdmission() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (id: number) => api.delete<WriteAnswer>(`/users/${id}/admission`),
    onSuccess: (_answer, id) => client.invalidateQueries({ queryKey: keys.record('user', id) }),
  });
}
