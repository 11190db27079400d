/** Rights that explain themselves: what roles can say, what a change would do, why somebody may, and the program with somebody else's eyes. */
import { queryOptions, useMutation, useQueryClient } from '@tanstack/react-query';
import { api, newIdempotencyKey } from './client';
import { keys } from './keys';
import type { BuiltInRole } from './roles';
import type { Feature, ObjectType, RecordCount, RecordReference, WriteAnswer } from './types';

export type AccessAction = keyof ObjectType['permissions'];
export type AccessLevel = 'own' | 'shared' | 'team' | 'all';
export type FieldRight = 'hidden' | 'read' | 'write';

/** Records up to a level, narrowed by a filter. */
export interface RightLine {
  level: AccessLevel;
  filter?: string | null;
}

export interface TypeRights {
  actions?: Partial<Record<AccessAction, readonly RightLine[]>>;
  fields?: Readonly<Record<string, FieldRight>>;
  blocks?: Readonly<Record<string, FieldRight>>;
}

/** What a role says; what it does not speak of is as in its base. */
export interface Rights {
  base?: BuiltInRole | null;
  types?: Readonly<Record<string, TypeRights>>;
  features?: Partial<Record<Feature, boolean>>;
  /** People with this role need a second step of login. */
  needs_second_step?: boolean;
}

/** What roles can say, and what the built-in ones say. */
export interface AccessOptions {
  actions: AccessAction[];
  levels: AccessLevel[];
  types: { type: string; bases: Record<BuiltInRole, TypeRights> }[];
  features: { key: Feature; is_setting: boolean; open_to: BuiltInRole[] }[];
}

export const accessOptionsQuery = queryOptions({
  queryKey: [...keys.access, 'options'],
  queryFn: ({ signal }) => api.get<AccessOptions>('/access/options', undefined, signal),
  staleTime: Infinity,
});

export interface MaybeCount {
  count: number | null;
  is_capped: boolean;
}

export interface RehearsedType {
  type: string;
  actions: { action: AccessAction; now: MaybeCount; then: MaybeCount }[];
  gained: MaybeCount & { examples: RecordReference[] };
  lost: MaybeCount & { examples: RecordReference[] };
  hidden_fields: string[];
  shown_fields: string[];
}

export interface RehearsedPerson {
  user: RecordReference;
  types: RehearsedType[];
  opened: Feature[];
  closed: Feature[];
  /** What comes of it for his login. */
  second_step: 'to_set_up' | 'to_keep' | 'free' | null;
}

export interface Rehearsal {
  people_count: number;
  /** The first of them. */
  people: RehearsedPerson[];
}

/** What rights would change for those who have the role, without saving them. */
export function useRehearseRole() {
  return useMutation({
    mutationFn: (input: { role_id: number; rights: Rights }) => api.post<Rehearsal>('/access/rehearsal', input),
  });
}

export interface NamedRole {
  /** 0 for what the program declares. */
  id: number;
  title: string;
}

export interface AccessReason {
  role: NamedRole;
  level: AccessLevel;
  filter: string | null;
  holds: boolean;
}

export interface AccessExplanation {
  user: RecordReference;
  is_active: boolean;
  is_administrator: boolean;
  actions: { action: AccessAction; is_allowed: boolean; reasons: AccessReason[] }[];
  /** Those that are hidden or not to be written. */
  fields: { field: string; right: FieldRight; by_role: { role: NamedRole; right: FieldRight }[] }[];
}

/** Why a user may do what he may with a record. */
export function accessExplanationQuery(type: string, id: number, userId: number) {
  return queryOptions({
    queryKey: [...keys.access, 'explanation', type, id, userId],
    queryFn: ({ signal }) => api.get<AccessExplanation>('/access/explanation', { user_id: userId, type, id }, signal),
    staleTime: 0,
  });
}

export interface AccessPeople {
  items: { user: RecordReference; actions: AccessAction[]; is_administrator: boolean }[];
  is_capped: boolean;
}

/** Who sees a record. */
export function accessPeopleQuery(type: string, id: number) {
  return queryOptions({
    queryKey: [...keys.access, 'people', type, id],
    queryFn: ({ signal }) => api.get<AccessPeople>('/access/people', { type, id }, signal),
    staleTime: 0,
  });
}

/** Gives a user the roles, teams and head of another. */
export function useCopyRights() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: ({ id, from }: { id: number; from: number }) =>
      api.post<WriteAnswer>(`/users/${id}/copy-rights`, { from }, { idempotencyKey: newIdempotencyKey() }),
    onSettled: () => {
      void client.invalidateQueries({ queryKey: keys.type('user') });
      void client.invalidateQueries({ queryKey: keys.type('team') });
      void client.invalidateQueries({ queryKey: keys.operations });
    },
  });
}

/** From now on the page is that of the other user; it is loaded anew, so that nothing of before is left in it. */
export function useSeeAs() {
  return useMutation({
    mutationFn: (userId: number) => api.post<undefined>('/session/see-as', { user_id: userId }),
    onSuccess: () => window.location.assign('/'),
  });
}

export function useStopSeeingAs() {
  return useMutation({
    mutationFn: () => api.delete<undefined>('/session/see-as'),
    onSuccess: () => window.location.assign('/settings/users'),
  });
}

/** A number that could not be told is none. */
export function isKnown(count: MaybeCount): count is RecordCount {
  return count.count !== null;
}
