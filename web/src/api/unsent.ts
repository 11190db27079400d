/**
 * What was written without a connection: kept in the storage of the browser, shown as if it were saved, and sent in its order when the server can be
 * reached again (`records/unsent/send.ts`). Each keeps the key of its first attempt, so that what did arrive, only without an answer, is not written twice.
 *
 * What the server refuses then stays until its writer decides; nothing of it is lost. Where an administrator forbids reading without a connection,
 * nothing is kept: it would lie on the disk as well.
 */
import type { QueryClient } from '@tanstack/react-query';
import { api, isApiError, type RequestOptions } from './client';
import { keys } from './keys';
import type { Problem, RecordItem, Session, Values, WriteAnswer } from './types';

export interface Unsent {
  /** The key of its first attempt. */
  key: string;
  at: string;
  type: string;
  /** Null for a new record. */
  id: number | null;
  title: string;
  /** The version that was changed; null for a new record. */
  version: number | null;
  values: Values;
  /** The same with the titles of references. */
  shown: Values;
  /** The server may have had it, for it was asked and no answer came. */
  isUncertain?: boolean;
  /** Why the server refused it, or why it is not sent unasked; null while it waits. */
  problem: Problem | null;
}

/** The code of a new record that may stand on the server already: its writer looks before it is sent once more. */
export const MAY_STAND_ALREADY = 'may_stand_already';

const PREFIX = 'kartoteka.unsent.';

const listeners = new Set<() => void>();
/** What was read last, so that the same text gives the same list. */
let last: { text: string; list: readonly Unsent[] } = { text: '[]', list: [] };
const kept = new WeakSet<WriteAnswer>();

function read(user: number): readonly Unsent[] {
  const text = localStorage.getItem(PREFIX + user) ?? '[]';
  if (text !== last.text) last = { text, list: JSON.parse(text) as Unsent[] };
  return last.list;
}

function write(user: number, list: readonly Unsent[]): void {
  if (list.length === 0) localStorage.removeItem(PREFIX + user);
  else localStorage.setItem(PREFIX + user, JSON.stringify(list));
  for (const listener of listeners) listener();
}

export const unsentStore = {
  subscribe(listener: () => void): () => void {
    listeners.add(listener);
    window.addEventListener('storage', listener);
    return () => {
      listeners.delete(listener);
      window.removeEventListener('storage', listener);
    };
  },
  read,
  write,
};

export function sessionOf(client: QueryClient): Session | null {
  return client.getQueryData<Session | null>(keys.session) ?? null;
}

/** Whether a failed write was kept instead: the answer was made here, and there is nothing to undo yet. */
export function isKept(answer: WriteAnswer): boolean {
  return kept.has(answer);
}

/** Nobody answered, or a proxy did in place of the server. */
export function isUnreachable(status: number): boolean {
  return status === 0 || status === 502 || status === 504;
}

/** After an attempt without an answer: without any connection nothing has left this device. */
export function asked(entry: Unsent): Unsent {
  return navigator.onLine ? { ...entry, isUncertain: true } : entry;
}

/** Writes, or keeps what could not be sent. `record` is what screens show until it is sent. */
export async function writeOrKeep(client: QueryClient, entry: Omit<Unsent, 'at' | 'problem'>, record: RecordItem): Promise<WriteAnswer> {
  try {
    return await sendOne(entry);
  } catch (error) {
    const session = sessionOf(client);
    if (!isApiError(error) || !isUnreachable(error.status) || session === null || !session.installation.allows_offline) throw error;
    write(session.user.id, [...read(session.user.id), asked({ ...entry, at: new Date().toISOString(), problem: null })]);
    const answer: WriteAnswer = { record: { ...record, values: { ...record.values, ...entry.shown } }, operation_id: null };
    kept.add(answer);
    return answer;
  }
}

export function sendOne({ key, type, id, version, values }: Pick<Unsent, 'key' | 'type' | 'id' | 'version' | 'values'>): Promise<WriteAnswer> {
  const options: RequestOptions = { idempotencyKey: key };
  if (id === null) return api.post<WriteAnswer>(`/records/${type}`, { values }, options);
  return api.patch<WriteAnswer>(`/records/${type}/${id}`, { values }, { ...options, version: version ?? undefined });
}

/** A record as it will be when everything is sent. */
export function withUnsent(client: QueryClient, record: RecordItem): RecordItem {
  const session = sessionOf(client);
  if (session === null) return record;
  const mine = read(session.user.id).filter((entry) => entry.problem === null && entry.type === record.type && entry.id === record.id);
  return mine.length === 0 ? record : { ...record, values: Object.assign({}, record.values, ...mine.map(({ shown }) => shown)) as Values };
}
