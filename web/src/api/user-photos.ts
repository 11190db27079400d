/** The faces of users: those that come into sight together are asked for in one request, and each is known for the rest of the session. */
import { queryOptions } from '@tanstack/react-query';
import { api, apiUrl } from './client';
import { keys } from './keys';
import type { Page, RecordItem, StoredFile } from './types';

/** How long others are waited for, in milliseconds. */
const GATHER_MS = 25;
/** Most users of one request. */
const MAX_USERS = 100;
const HALF_AN_HOUR_MS = 1_800_000;

interface Waiting {
  id: number;
  resolve: (address: string | null) => void;
  reject: (reason: unknown) => void;
}

let waiting: Waiting[] = [];

async function ask(asked: readonly Waiting[]): Promise<void> {
  try {
    const ids = [...new Set(asked.map(({ id }) => id))];
    const query = { filter: `id in (${ids.join(', ')}) and photo is not empty`, fields: 'photo', limit: MAX_USERS };
    const { items } = await api.get<Page<RecordItem>>('/records/user', query);
    const photos = new Map(items.map((user) => [user.id, user.values.photo as unknown as StoredFile]));
    for (const { id, resolve } of asked) resolve(photoUrl(photos.get(id)?.id));
  } catch (error) {
    for (const { reject } of asked) reject(error);
  }
}

function gather(id: number): Promise<string | null> {
  return new Promise((resolve, reject) => {
    waiting.push({ id, resolve, reject });
    if (waiting.length > 1) return;
    setTimeout(() => {
      const all = waiting;
      waiting = [];
      for (let from = 0; from < all.length; from += MAX_USERS) void ask(all.slice(from, from + MAX_USERS));
    }, GATHER_MS);
  });
}

/** Where the picture of a file is; null without one. What is behind it never changes, so the browser keeps it. */
export function photoUrl(fileId: string | null | undefined): string | null {
  return fileId == null ? null : apiUrl(`/files/${fileId}`);
}

/** The address of a user's photo, or null; events of the server make it stale. */
export function userPhotoQuery(id: number) {
  return queryOptions({ queryKey: keys.userPhoto(id), queryFn: () => gather(id), staleTime: Infinity, gcTime: HALF_AN_HOUR_MS, retry: false });
}
