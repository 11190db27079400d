/** Who works in this browser, as the last answer about the session said: the worker is stopped and started at any time, so it stands in a cache. */

export interface Reader {
  user: number;
  /** Nothing that was kept is shown after this, milliseconds; the end of the working hours. */
  until: number | null;
  /** Whether an administrator lets browsers keep what was opened. */
  mayKeep: boolean;
}

const PLACE = 'reader';
const KEY = '/reader';

/** What is read of an answer about a session. */
export interface SessionAnswer {
  user: { id: number };
  seen_by?: unknown;
  working_hours?: { open_until: string } | null;
  installation: { allows_offline?: boolean };
}

/** Whoever looks with somebody else's eyes keeps nothing. */
export function readerOf(session: SessionAnswer): Reader | null {
  if (session.seen_by != null) return null;
  const until = session.working_hours == null ? null : Date.parse(session.working_hours.open_until);
  return { user: session.user.id, until, mayKeep: session.installation.allows_offline === true };
}

/** Undefined while nobody has said anything yet. */
export async function storedReader(): Promise<Reader | null | undefined> {
  const stored = await (await caches.open(PLACE)).match(KEY);
  return stored === undefined ? undefined : ((await stored.json()) as Reader | null);
}

export async function storeReader(reader: Reader | null): Promise<void> {
  await (await caches.open(PLACE)).put(KEY, new Response(JSON.stringify(reader)));
}
