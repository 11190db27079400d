/** Roles as records: who may what. */
import { queryOptions, useQuery } from '@tanstack/react-query';
import { api } from './client';
import { keys } from './keys';
import type { RecordItem, RecordPage } from './types';

/** The built-in roles, by the value of the field `key`. */
export type BuiltInRole = 'administrator' | 'supervisor' | 'employee';

/** More roles than an installation has. */
const LIMIT = 200;

export const rolesQuery = queryOptions({
  queryKey: keys.list('role', { sort: 'id' }),
  queryFn: ({ signal }) => api.get<RecordPage>('/records/role', { sort: 'id', limit: LIMIT }, signal),
});

/** All roles, the built-in ones first. */
export function useRoles(): RecordItem[] {
  const { data } = useQuery(rolesQuery);
  return data?.items ?? [];
}
