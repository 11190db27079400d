/** Teams: who belongs to which. They are records; this is what the screens ask of them beyond that. */
import { queryOptions, useMutation, useQueryClient, type QueryClient } from '@tanstack/react-query';
import { api, isApiError, newIdempotencyKey } from '@/api/client';
import { keys } from '@/api/keys';
import type { RecordItem, RecordPage, RecordReference, WriteAnswer } from '@/api/types';
import { asReferences } from '@/fields/values';

const LIMIT = 200;

async function readAll(filter: string | undefined, signal: AbortSignal): Promise<RecordItem[]> {
  const items: RecordItem[] = [];
  let cursor: string | null = null;
  do {
    const page: RecordPage = await api.get<RecordPage>('/records/team', { filter, sort: 'name', limit: LIMIT, cursor }, signal);
    items.push(...page.items);
    cursor = page.next_cursor;
  } while (cursor !== null);
  return items;
}

export const teamsQuery = queryOptions({
  queryKey: [...keys.lists('team'), 'all'],
  queryFn: ({ signal }) => readAll(undefined, signal),
  staleTime: 15_000,
});

/** The teams that a user belongs to. */
export function teamsOfQuery(userId: number) {
  return queryOptions({
    queryKey: [...keys.lists('team'), 'of', userId],
    queryFn: ({ signal }) => readAll(`members has (${userId})`, signal),
    staleTime: 15_000,
  });
}

export function asTeam(record: RecordItem): RecordReference {
  return { id: record.id, title: record.title, type: record.type };
}

/** How often a team that somebody else changes meanwhile is read anew. */
const TRIES = 3;

async function setMember(client: QueryClient, teamId: number, userId: number, isMember: boolean): Promise<void> {
  for (let left = TRIES; left > 0; left -= 1) {
    const team = await api.get<RecordItem>(`/records/team/${teamId}`);
    const others = asReferences(team.values.members).map((member) => member.id).filter((id) => id !== userId);
    try {
      const values = { members: isMember ? [...others, userId] : others };
      await api.patch<WriteAnswer>(`/records/team/${teamId}`, { values }, { version: team.version, idempotencyKey: newIdempotencyKey() });
      break;
    } catch (error) {
      if (left === 1 || !isApiError(error) || error.status !== 409) throw error;
    }
  }
  client.removeQueries({ queryKey: keys.record('team', teamId) });
}

export interface TeamsChange {
  userId: number;
  before: readonly number[];
  after: readonly number[];
}

/** Puts a user into teams and takes him out of others. */
export function useSetTeams() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: async ({ userId, before, after }: TeamsChange) => {
      for (const id of before.filter((team) => !after.includes(team))) await setMember(client, id, userId, false);
      for (const id of after.filter((team) => !before.includes(team))) await setMember(client, id, userId, true);
    },
    onSettled: () => {
      void client.invalidateQueries({ queryKey: keys.type('team') });
      void client.invalidateQueries({ queryKey: keys.operations });
    },
  });
}
