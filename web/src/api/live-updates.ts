/**
 * The event stream of the server → the query cache. Events only say what became stale;
 * the screens read it again themselves, so a lost event costs freshness, never truth.
 */
import type { QueryClient } from '@tanstack/react-query';
import { api, apiUrl, isApiError } from './client';
import { keys } from './keys';
import { isOwnOperation } from './own-operations';
import { dropCached, forgetTimelines, patchCached, type CachedList } from './records';
import { forgetSums } from './sums';
import { WORK_TYPES } from './work-types';
import type { Catalog, Job, RecordItem, Session } from './types';

interface RecordsEvent {
  type: string;
  ids: number[] | null;
  /** Gone: it is out of the sight of the person from now on, with all that belongs to it. */
  action: 'created' | 'updated' | 'deleted' | 'restored' | 'gone';
  operation_id: number | null;
}

/** Bursts (an import, a mass edit) are answered with one reading. */
const GATHER_MS = 400;
/** A list scrolled further than this is not read again as a whole: only its changed rows are. */
const PAGES_READ_AGAIN = 5;
const ROWS_READ_AGAIN = 20;

/** After an answer that is no stream (a restart, a proxy) the browser never asks again by itself; then the page does, ever more rarely. */
const FIRST_RETRY_MS = 1_000;
const LONGEST_RETRY_MS = 60_000;
/** What events would have made stale while there was no stream. */
const AFTER_A_GAP = [['records'], ['search'], keys.work, keys.userPhotos, keys.catalog, keys.jobs, keys.imports, keys.operations, keys.notifications, ['webhooks']] as const;

/** Follows the event stream until the returned function is called. */
export function followEvents(client: QueryClient, onSessionEnded: () => void): () => void {
  let source: EventSource | undefined;
  let retry: number | undefined;
  let retryMs = FIRST_RETRY_MS;
  let hasGap = false;
  let events: RecordsEvent[] = [];
  const stale = new Set<string>();
  let timer: number | undefined;

  function flush(): void {
    timer = undefined;
    const gathered = events;
    events = [];
    for (const key of stale) void client.invalidateQueries({ queryKey: JSON.parse(key) as readonly unknown[] });
    stale.clear();
    for (const type of new Set(gathered.map((event) => event.type))) {
      refreshRecords(client, type, gathered.filter((event) => event.type === type));
    }
  }

  function wake(): void {
    timer ??= window.setTimeout(flush, GATHER_MS);
  }

  function forget(key: readonly unknown[]): void {
    stale.add(JSON.stringify(key));
    wake();
  }

  function connect(): void {
    const stream = new EventSource(apiUrl('/events'));
    source = stream;
    stream.addEventListener('records', (event) => {
      events.push(JSON.parse(event.data as string) as RecordsEvent);
      wake();
    });
    stream.addEventListener('presence', (event) => {
      const { type, id, user_id: userId } = JSON.parse(event.data as string) as { type: string; id: number; user_id: number };
      // One's own coming and going is no news; the question itself is a sign, so it must not be asked about oneself.
      if (client.getQueryData<Session | null>(keys.session)?.user.id !== userId) forget(keys.presence(type, id));
    });
    stream.addEventListener('followers', (event) => {
      const { type, ids } = JSON.parse(event.data as string) as { type: string; ids: number[] };
      for (const id of ids) forget(keys.followers(type, id));
    });
    stream.addEventListener('reactions', () => forget(keys.timelines));
    stream.addEventListener('job', (event) => {
      const job = JSON.parse(event.data as string) as Job;
      client.setQueryData(keys.job(job.id), job);
      forget(keys.jobs);
      if (job.kind === 'import' || job.kind === 'import_check') forget(keys.imports);
      if (job.kind === 'find_duplicates' || job.kind === 'merge_duplicates') forget(keys.duplicates);
      if (job.finished_at !== null) forget(keys.operations);
    });
    stream.addEventListener('catalog', (event) => {
      const { version } = JSON.parse(event.data as string) as { version: number };
      if (client.getQueryData<Catalog>(keys.catalog)?.version !== version) forget(keys.catalog);
    });
    stream.addEventListener('webhook', () => forget(['webhooks']));
    stream.addEventListener('notification', () => forget(keys.notifications));
    // Somebody changed what this person may do: everything on the page may be more or less than before.
    stream.addEventListener('rights', () => void client.invalidateQueries());
    stream.addEventListener('session_ended', onSessionEnded);
    stream.addEventListener('open', () => {
      retryMs = FIRST_RETRY_MS;
      // The stream may have missed more than it can resend.
      if (hasGap) AFTER_A_GAP.forEach(forget);
      hasGap = false;
    });
    stream.addEventListener('error', () => {
      hasGap = true;
      if (stream.readyState !== EventSource.CLOSED) return;
      retry = window.setTimeout(connect, retryMs);
      retryMs = Math.min(retryMs * 2, LONGEST_RETRY_MS);
      // The refusal may mean that the session has ended: asking for it tells.
      void client.invalidateQueries({ queryKey: keys.session, exact: true });
    });
  }

  connect();
  return () => {
    window.clearTimeout(timer);
    window.clearTimeout(retry);
    source?.close();
  };
}

function isLong(data: unknown): boolean {
  const { pages, isWhole } = (data ?? {}) as Partial<CachedList>;
  return isWhole !== true && (pages?.length ?? 0) > PAGES_READ_AGAIN;
}

/** Reads again what the events of one type made stale, and no more. */
function refreshRecords(client: QueryClient, type: string, events: readonly RecordsEvent[]): void {
  const ids = new Set(events.flatMap((event) => event.ids ?? []));
  if (events.some((event) => event.ids === null)) {
    void client.invalidateQueries({ queryKey: [...keys.type(type), 'one'] });
    void client.invalidateQueries({ queryKey: [...keys.type(type), 'history'] });
  }
  for (const id of ids) {
    void client.invalidateQueries({ queryKey: keys.record(type, id) });
    void client.invalidateQueries({ queryKey: keys.history(type, id) });
  }
  forgetMembers(client, type);
  if (WORK_TYPES.has(type)) void client.invalidateQueries({ queryKey: keys.work });
  const gone = events.filter((event) => event.action === 'gone').flatMap((event) => event.ids ?? []);
  for (const id of gone) {
    dropCached(client, type, id, () => true);
    // An open card must not stand there with what was read before.
    void client.resetQueries({ queryKey: keys.record(type, id) });
    void client.resetQueries({ queryKey: keys.history(type, id) });
  }
  if (gone.length > 0) {
    forgetParts(client, type);
    // What was told of them is no longer told.
    void client.invalidateQueries({ queryKey: keys.notifications });
  }
  if (type === 'user') forgetFaces(client, events, ids);
  // Which currencies are offered stands in the session; what a rate is counts in the sums of every list.
  if (type === 'currency') void client.invalidateQueries({ queryKey: keys.session, exact: true });
  if (type === 'currency_rate') forgetSums(client);
  const isOwn = events.every((event) => event.action === 'updated' && isOwnOperation(event.operation_id));
  if (isOwn) return;
  forgetTimelines(client);

  let hasLongList = false;
  void client.invalidateQueries({
    queryKey: keys.lists(type),
    predicate: (query) => {
      const isTooLong = isLong(query.state.data);
      hasLongList ||= isTooLong && query.isActive();
      return !isTooLong;
    },
  });
  if (hasLongList) void readRows(client, type, [...ids].slice(0, ROWS_READ_AGAIN));
}

/** What belongs to a record goes with it, and stands in lists and searches of its own. */
function forgetParts(client: QueryClient, whole: string): void {
  void client.invalidateQueries({
    queryKey: ['records'],
    predicate: (query) => query.queryKey[2] === 'list' && query.queryKey[1] !== whole && !isLong(query.state.data),
  });
  void client.invalidateQueries({ queryKey: ['search'] });
}

/** Who has changed may have another photo; and what the session says of oneself is read again, when somebody else has changed it. */
function forgetFaces(client: QueryClient, events: readonly RecordsEvent[], ids: ReadonlySet<number>): void {
  if (events.some((event) => event.ids === null)) void client.invalidateQueries({ queryKey: keys.userPhotos });
  for (const id of ids) void client.invalidateQueries({ queryKey: keys.userPhoto(id) });
  const me = client.getQueryData<Session | null>(keys.session)?.user.id;
  if (me !== undefined && ids.has(me)) void client.invalidateQueries({ queryKey: keys.session, exact: true });
}

/** Who belongs to a set follows its rule and its place: lists, counts and cards of the members may be others now. */
function forgetMembers(client: QueryClient, type: string): void {
  const members = client.getQueryData<Catalog>(keys.catalog)?.object_types.find((candidate) => candidate.name === type)?.members;
  if (members == null) return;
  void client.invalidateQueries({ queryKey: keys.lists(members.type) });
  void client.invalidateQueries({ queryKey: [...keys.type(members.type), 'one'] });
}

/** Puts the present values of some records into the lists that show them; those that are gone leave the lists. */
async function readRows(client: QueryClient, type: string, ids: readonly number[]): Promise<void> {
  const loaded = client
    .getQueriesData<CachedList>({ queryKey: keys.lists(type) })
    .flatMap(([, list]) => list?.pages?.flatMap((page) => page.items.map((record) => record.id)) ?? []);
  for (const id of ids.filter((candidate) => loaded.includes(candidate))) {
    try {
      const record = await api.get<RecordItem>(`/records/${type}/${id}`);
      patchCached(client, type, id, () => record);
      dropCached(client, type, id, (query) => (query.trash === true) !== (record.deleted_at !== null));
    } catch (error) {
      if (isApiError(error) && error.status === 404) dropCached(client, type, id, () => true);
      // Otherwise the answer was lost: the row stays until the list is read again.
    }
  }
}
