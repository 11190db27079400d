/** How long personal data is kept: the rules, what each would reach, what they did at night. */
import { queryOptions, useMutation, useQueryClient, type QueryClient } from '@tanstack/react-query';
import { api, newIdempotencyKey } from './client';
import type { components } from './generated/schema';
import { keys } from './keys';

export type RetentionRule = components['schemas']['RetentionRule'];
export type RetentionRules = components['schemas']['RetentionRules'];
export type RetentionRuleInput = components['schemas']['RetentionRuleInput'];
export type RetentionReach = components['schemas']['RetentionReach'];
export type RetentionRun = components['schemas']['RetentionRun'];

const PATH = '/personal-data/retention';

export const retentionRulesQuery = queryOptions({
  queryKey: keys.retentionRules,
  queryFn: ({ signal }) => api.get<RetentionRules>(PATH, undefined, signal),
});

export const retentionRunsQuery = queryOptions({
  queryKey: keys.retentionRuns,
  queryFn: ({ signal }) => api.get<{ items: RetentionRun[] }>(`${PATH}/runs`, undefined, signal),
});

function forget(client: QueryClient): Promise<void> {
  return client.invalidateQueries({ queryKey: keys.retentionRules });
}

/** Makes a rule, or replaces the one with this id. */
export function useSaveRetentionRule() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: ({ id, input, idempotencyKey }: { id: number | null; input: RetentionRuleInput; idempotencyKey: string }) =>
      id === null ? api.post<RetentionRule>(PATH, input, { idempotencyKey }) : api.put<RetentionRule>(`${PATH}/${id}`, input, { idempotencyKey }),
    onSuccess: () => forget(client),
  });
}

export function useSwitchRetentionRule() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: ({ id, is_active }: { id: number; is_active: boolean }) =>
      api.post<RetentionRule>(`${PATH}/${id}/switch`, { is_active }, { idempotencyKey: newIdempotencyKey() }),
    onSuccess: () => forget(client),
  });
}

export function useDeleteRetentionRule() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (id: number) => api.delete(`${PATH}/${id}`),
    onSuccess: () => forget(client),
  });
}

/** What a rule would reach now. */
export function useTryRetentionRule() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (id: number) => api.post<RetentionReach>(`${PATH}/${id}/dry-run`),
    onSuccess: () => forget(client),
  });
}
