/**
 * Answers of the server that can be read again without a connection: what was opened last, of whoever is logged in.
 *
 * What must stay true: an answer is kept for one person, in a cache of his own, and there is never more than one such cache; a refusal of his session,
 * a login and a logout empty it. What is kept is shown only where the server cannot be reached, and says since when it stands.
 */
import { readerOf, storedReader, storeReader, type Reader, type SessionAnswer } from './reader';

const API = '/api/v1';
const PLACE = 'kept-';
/** Most answers; the oldest goes. */
const MOST = 300;
const LONGEST_BYTES = 1_000_000;
/** Who is away for longer has nothing to read on his device. */
const LONGEST_MS = 3 * 24 * 3_600_000;
export const KEPT_AT = 'X-Kept-At';

/** Counts what empties: an answer that was on its way meanwhile is not kept. */
let emptied = 0;

/** What screens of records are made of; nothing below the session, nothing of administration, no files. */
export function isKeepable(path: string): boolean {
  return path === `${API}/session` || path === `${API}/catalog` || (path.startsWith(`${API}/records/`) && !path.endsWith('/explain'));
}

const BEGINNINGS = ['/session', '/session/passkey', '/session/second-step/finish', '/session/second-step/passkey', '/setup', '/invitations/accept'];

/** Writes that end a session or begin one. */
export function changesReader(method: string, path: string): boolean {
  if (method === 'DELETE') return path === `${API}/session`;
  return method === 'POST' && BEGINNINGS.some((beginning) => path === API + beginning);
}

/** Sends such a write: whatever becomes of it, what was kept goes first. */
export async function change(request: Request): Promise<Response> {
  await forget();
  const response = await fetch(request);
  if (request.method === 'POST' && response.ok) await noteSession(response.clone());
  return response;
}

export async function forget(): Promise<void> {
  emptied += 1;
  await storeReader(null);
  await dropOthers(null);
}

async function dropOthers(kept: string | null): Promise<void> {
  for (const name of await caches.keys()) if (name.startsWith(PLACE) && name !== kept) await caches.delete(name);
}

async function noteSession(response: Response): Promise<void> {
  const session = (await response.json()) as Partial<SessionAnswer>;
  // The first step of a login answers no session yet.
  if (session.user === undefined || session.installation === undefined) return;
  const reader = readerOf(session as SessionAnswer);
  await storeReader(reader);
  await dropOthers(reader?.mayKeep === true ? PLACE + reader.user : null);
}

/** Network first. */
export async function answer(request: Request, wait: (work: Promise<unknown>) => void): Promise<Response> {
  const path = new URL(request.url).pathname;
  const isSession = path === `${API}/session`;
  const before = emptied;
  const asker = isSession ? undefined : await storedReader();
  try {
    const response = await fetch(request);
    if (response.status === 502 || response.status === 504) return (await find(request)) ?? response;
    if (response.status === 401) await forget();
    if (response.ok) {
      // Whose session it is must be known before the page asks for anything in it.
      if (isSession) await noteSession(response.clone());
      if (isKeepable(path)) wait(keep(request, response.clone(), before, asker));
    }
    return response;
  } catch (error) {
    const kept = await find(request);
    if (kept === undefined) throw error;
    return kept;
  }
}

async function keep(request: Request, response: Response, before: number, asker: Reader | null | undefined): Promise<void> {
  const reader = await storedReader();
  if (reader == null || !reader.mayKeep || (asker !== undefined && asker?.user !== reader.user)) return;
  const text = await response.text();
  if (emptied !== before || text.length > LONGEST_BYTES) return;
  const cache = await caches.open(PLACE + reader.user);
  // What is put again stands last.
  await cache.delete(request.url);
  const headers = { 'Content-Type': 'application/json', [KEPT_AT]: new Date().toISOString() };
  await cache.put(request.url, new Response(text, { headers }));
  const all = await cache.keys();
  for (const old of all.slice(0, Math.max(0, all.length - MOST))) await cache.delete(old);
  // Somebody may have left while it was written.
  if (emptied !== before) await caches.delete(PLACE + reader.user);
}

async function find(request: Request): Promise<Response | undefined> {
  const reader = await storedReader();
  const now = Date.now();
  if (reader == null || !reader.mayKeep || (reader.until !== null && now >= reader.until)) return undefined;
  const kept = await (await caches.open(PLACE + reader.user)).match(request.url);
  const at = Date.parse(kept?.headers.get(KEPT_AT) ?? '');
  return now - at < LONGEST_MS ? kept : undefined;
}
