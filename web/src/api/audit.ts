/** The audit log, for administrators. */
import { infiniteQueryOptions, useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { api, apiUrl } from './client';
import { keys } from './keys';
import type { components } from './generated/schema';

export type AuditEvent = components['schemas']['AuditEvent'];
export type AuditKind = AuditEvent['kind'];
export type AuditSettings = components['schemas']['AuditSettings'];
type AuditPage = components['schemas']['AuditPage'];

/** What is looked for; what is left out or empty does not matter. */
export interface AuditFilter {
  person?: number;
  kinds?: string;
  from?: string;
  to?: string;
  address?: string;
  text?: string;
}

const PAGE = 100;

export function auditQuery(filter: AuditFilter) {
  return infiniteQueryOptions({
    queryKey: keys.audit({ ...filter }),
    queryFn: ({ pageParam, signal }) => api.get<AuditPage>('/audit', { ...filter, limit: PAGE, cursor: pageParam }, signal),
    initialPageParam: null as string | null,
    getNextPageParam: (page) => page.next_cursor,
    staleTime: 0,
  });
}

export function auditFileUrl(filter: AuditFilter): string {
  return apiUrl('/audit/file', { ...filter });
}

export function useAuditSettings() {
  return useQuery({
    queryKey: keys.auditSettings,
    queryFn: ({ signal }) => api.get<AuditSettings>('/audit/settings', undefined, signal),
  });
}

export function useChangeAuditSettings() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (settings: AuditSettings) => api.put<AuditSettings>('/audit/settings', settings),
    onSuccess: (settings) => client.setQueryData(keys.auditSettings, settings),
  });
}
