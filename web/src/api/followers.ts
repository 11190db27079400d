/** Who follows a record, and who reacts to a note. Neither is a change of it. */
import { queryOptions, useMutation, useQueryClient } from '@tanstack/react-query';
import { api } from './client';
import { keys } from './keys';
import { forgetTimelines } from './records';
import type { TimelineEntry, TimelinePage } from './timeline';
import type { RecordReference } from './types';

export interface FollowerList {
  items: RecordReference[];
  is_following: boolean;
  /** Whether one may add and take away colleagues. */
  may_choose: boolean;
}

export function followersQuery(type: string, id: number) {
  return queryOptions({
    queryKey: keys.followers(type, id),
    queryFn: ({ signal }) => api.get<FollowerList>(`/records/${type}/${id}/followers`, {}, signal),
    staleTime: 15_000,
  });
}

export interface FollowerChange {
  user: RecordReference;
  follows: boolean;
  isOwn: boolean;
}

/** Lets somebody follow a record or stop; the card shows it at once. */
export function useSetFollower(type: string, id: number) {
  const client = useQueryClient();
  const key = keys.followers(type, id);
  return useMutation({
    mutationFn: ({ user, follows }: FollowerChange) =>
      api.post<FollowerList>(`/records/${type}/${id}/followers`, { user_id: user.id, follows }),
    onMutate: async ({ user, follows, isOwn }) => {
      await client.cancelQueries({ queryKey: key });
      const before = client.getQueryData<FollowerList>(key);
      if (before !== undefined) {
        const others = before.items.filter((other) => other.id !== user.id);
        const items = follows ? [...others, user] : others;
        client.setQueryData<FollowerList>(key, { ...before, items, is_following: isOwn ? follows : before.is_following });
      }
      return before;
    },
    onSuccess: (answer) => client.setQueryData(key, answer),
    onError: (_error, _change, before) => client.setQueryData(key, before),
  });
}

/** The reactions that there are, in their order, with their signs. */
export const REACTIONS = { thumbs_up: '👍', heart: '❤️', party: '🎉', smile: '😄', eyes: '👀', done: '✅' } as const;

export type ReactionKey = keyof typeof REACTIONS;

export interface Reaction {
  reaction: ReactionKey;
  users: RecordReference[];
  is_own: boolean;
}

/** The reactions to a note after somebody pressed one. */
export function toggled(reactions: readonly Reaction[], reaction: ReactionKey, isOn: boolean, me: RecordReference): Reaction[] {
  const order = Object.keys(REACTIONS);
  const known = reactions.find((one) => one.reaction === reaction);
  const users = (known?.users ?? []).filter((user) => user.id !== me.id);
  const next: Reaction = { reaction, users: isOn ? [...users, me] : users, is_own: isOn };
  return [...reactions.filter((one) => one !== known), next]
    .filter((one) => one.users.length > 0)
    .sort((one, other) => order.indexOf(one.reaction) - order.indexOf(other.reaction));
}

interface CachedPages {
  pages: TimelinePage[];
  pageParams: unknown[];
}

export interface ReactionChange {
  id: number;
  reaction: ReactionKey;
  isOn: boolean;
  me: RecordReference;
}

/** Reacts to a note or takes it back; all timelines that show it say so at once. */
export function useSetReaction(kind: string) {
  const client = useQueryClient();
  function put(id: number, change: (before: readonly Reaction[]) => Reaction[]): void {
    const patch = (entry: TimelineEntry): TimelineEntry =>
      entry.kind === kind && entry.id === id ? { ...entry, reactions: change(entry.reactions) } : entry;
    client.setQueriesData<CachedPages>({ queryKey: keys.timelines }, (timeline) =>
      timeline === undefined
        ? undefined
        : { ...timeline, pages: timeline.pages.map((page) => ({ ...page, items: page.items.map(patch), pinned: page.pinned.map(patch) })) },
    );
  }
  return useMutation({
    mutationFn: ({ id, reaction, isOn }: ReactionChange) =>
      api.post<{ items: Reaction[] }>(`/comments/${id}/reactions`, { reaction, is_on: isOn }),
    onMutate: async ({ id, reaction, isOn, me }) => {
      await client.cancelQueries({ queryKey: keys.timelines });
      put(id, (before) => toggled(before, reaction, isOn, me));
    },
    onSuccess: ({ items }, { id }) => put(id, () => items),
    onError: () => forgetTimelines(client),
  });
}
