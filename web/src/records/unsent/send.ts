/** Sends what was kept without a connection, or gives it up. It comes with the bar that says what waits. */
import type { QueryClient } from '@tanstack/react-query';
import { isApiError, newIdempotencyKey } from '@/api/client';
import { keys } from '@/api/keys';
import type { Values } from '@/api/types';
import { asked, isUnreachable, MAY_STAND_ALREADY, sendOne, sessionOf, unsentStore, type Unsent } from '@/api/unsent';

const LOCK = 'kartoteka.unsent';
/** The server keeps answers of writes for a day (`idempotency.rs`); clocks differ. */
const KEY_KEPT_MS = 23 * 3_600_000;

function change(user: number, key: string, to: (entry: Unsent) => Unsent | null): void {
  unsentStore.write(user, unsentStore.read(user).flatMap((entry) => (entry.key === key ? (to(entry) ?? []) : [entry])));
}

/** Its writer gives it up. */
export function dropUnsent(user: number, key: string): void {
  change(user, key, () => null);
}

/** It is sent once more; over the version given, which somebody else has written meanwhile. */
export function sendAgain(user: number, key: string, version?: number): void {
  change(user, key, (entry) => ({
    ...entry,
    key: newIdempotencyKey(),
    at: new Date().toISOString(),
    isUncertain: false,
    problem: null,
    version: version ?? entry.version,
  }));
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

/** What an answer leaves of the entries that wait for the same record: a field that was just written is written over the version that it left. */
function after(arrived: Unsent, version: number, one: Unsent): Unsent[] {
  if (one.type !== arrived.type || one.id !== arrived.id || one.id === null || one.problem !== null) return [one];
  const isSame = ([name]: [string, unknown]): boolean => name in arrived.values;
  const part = (holds: (entry: [string, unknown]) => boolean): Pick<Unsent, 'values' | 'shown'> => ({
    values: Object.fromEntries(Object.entries(one.values).filter(holds)) as Values,
    shown: Object.fromEntries(Object.entries(one.shown).filter(holds)) as Values,
  });
  const same = part(isSame);
  const others = part((entry) => !isSame(entry));
  const next = { ...one, version: one.version && Math.max(one.version, version) };
  if (Object.keys(same.values).length === 0) return [one];
  if (Object.keys(others.values).length === 0) return [next];
  // Of the other fields it knows what it knew before: whoever wrote them meanwhile is not overwritten unseen.
  return [{ ...next, ...same }, { ...one, ...others, key: newIdempotencyKey() }];
}

/** It is written, and what waits goes on from there, also when that is sent another day. */
function arrived(user: number, entry: Unsent, version: number): void {
  unsentStore.write(user, unsentStore.read(user).flatMap((one) => (one.key === entry.key ? [] : after(entry, version, one))));
}

/**
 * Whether an entry may stand on the server although no answer came, and the server no longer knows its key: it would be written twice. A change is judged
 * by its version; a new record has none.
 */
function mayStandAlready({ id, at, isUncertain }: Unsent): boolean {
  return id === null && isUncertain === true && Date.now() - Date.parse(at) > KEY_KEPT_MS;
}

async function sendAll(client: QueryClient, user: number): Promise<number> {
  const touched = new Set<string>();
  let sent = 0;
  // One that arrives may part another: the list is read again each time.
  const waits = (): Unsent | undefined => unsentStore.read(user).find(({ problem }) => problem === null);
  for (let entry = waits(); entry !== undefined; entry = waits()) {
    const { key } = entry;
    if (mayStandAlready(entry)) {
      change(user, key, (old) => ({ ...old, problem: { status: 0, code: MAY_STAND_ALREADY } }));
      continue;
    }
    try {
      const { record } = await sendOne(entry);
      arrived(user, entry, record.version);
      touched.add(entry.type);
      sent += 1;
    } catch (error) {
      if (!isApiError(error)) throw error;
      if (isUnreachable(error.status)) change(user, key, asked);
      if (isForLater(error.status)) break;
      change(user, key, (refused) => ({ ...refused, problem: error.problem }));
      touched.add(entry.type);
    }
  }
  for (const type of touched) void client.invalidateQueries({ queryKey: keys.type(type) });
  if (touched.size > 0) void client.invalidateQueries({ queryKey: keys.operations });
  return sent;
}
