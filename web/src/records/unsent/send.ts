/** Sends what was kept without a connection, or gives it up. It comes with the bar that says what waits. */
import type { QueryClient } from '@tanstack/react-query';
import { isApiError, newIdempotencyKey } from '@/api/client';
import { keys } from '@/api/keys';
import { isUnreachable, sendOne, sessionOf, unsentStore, type Unsent } from '@/api/unsent';

const LOCK = 'kartoteka.unsent';

function change(user: number, key: string, to: (entry: Unsent) => Unsent | null): void {
  unsentStore.write(user, unsentStore.read(user).flatMap((entry) => (entry.key === key ? (to(entry) ?? []) : [entry])));
}

/** Its writer gives it up. */
export function dropUnsent(user: number, key: string): void {
  change(user, key, () => null);
}

/** It is sent once more; over the version given, which somebody else has written meanwhile. */
export function sendAgain(user: number, key: string, version?: number): void {
  change(user, key, (entry) => ({ ...entry, key: newIdempotencyKey(), problem: null, version: version ?? entry.version }));
}

/** What makes another attempt worth while later. */
function isForLater(status: number): boolean {
  return isUnreachable(status) || status === 401 || status === 429 || status === 503;
}

/** Sends what waits, oldest first, in one window at a time; answers how many arrived. */
export async function sendUnsent(client: QueryClient): Promise<number> {
  const session = sessionOf(client);
  if (session === null || !unsentStore.read(session.user.id).some((entry) => entry.problem === null)) return 0;
  // Not there without HTTPS; two windows at once do no harm, as each write has its key.
  if (!('locks' in navigator)) return sendAll(client, session.user.id);
  return navigator.locks.request(LOCK, { ifAvailable: true }, (lock) => (lock === null ? 0 : sendAll(client, session.user.id)));
}

/** It is written: what waits to be written to the same record starts from the version that it left, also when that is sent another day. */
function arrived(user: number, { key, type, id }: Unsent, version: number): void {
  const follows = (one: Unsent): boolean => one.type === type && one.id === id && one.problem === null;
  unsentStore.write(user, unsentStore.read(user).flatMap((one) => (one.key === key ? [] : follows(one) ? { ...one, version: one.version && Math.max(one.version, version) } : one)));
}

async function sendAll(client: QueryClient, user: number): Promise<number> {
  const touched = new Set<string>();
  let sent = 0;
  for (const { key } of unsentStore.read(user)) {
    const entry = unsentStore.read(user).find((one) => one.key === key);
    if (entry === undefined || entry.problem !== null) continue;
    try {
      const { record } = await sendOne(entry);
      arrived(user, entry, record.version);
      touched.add(entry.type);
      sent += 1;
    } catch (error) {
      if (!isApiError(error)) throw error;
      if (isForLater(error.status)) break;
      change(user, entry.key, (refused) => ({ ...refused, problem: error.problem }));
      touched.add(entry.type);
    }
  }
  for (const type of touched) void client.invalidateQueries({ queryKey: keys.type(type) });
  if (touched.size > 0) void client.invalidateQueries({ queryKey: keys.operations });
  return sent;
}
