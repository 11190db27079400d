/**
 * The event stream of the server → the query cache. Events only say what became stale;
 * the screens read it again themselves, so a lost event costs freshness, never truth.
 */
import type { QueryClient } from '@tanstack/react-query';
import { api, apiUrl } from './client';
import { keys } from './keys';
import { isOwnOperation } from './own-operations';
import { patchCached, type CachedList } from './records';
import type { Catalog, Job, RecordItem } from './types';

interface RecordsEvent {
  type: string;
  ids: number[] | null;
  action: 'created' | 'updated' | 'deleted' | 'restored';
  operation_id: number | null;
}

/** Bursts (an import, a mass edit) are answered with one reading. */
const GATHER_MS = 400;
/** A list scrolled further than this is not read again as a whole: only its changed rows are. */
const PAGES_READ_AGAIN = 5;
const ROWS_READ_AGAIN = 20;

/** Follows the event stream until the returned function is called. */
export function followEvents(client: QueryClient, onSessionEnded: () => void): () => void {
  const source = new EventSource(apiUrl('/events'));
  let events: RecordsEvent[] = [];
  const stale = new Set<string>();
  let timer: number | undefined;
  let wasOpen = false;

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

  source.addEventListener('records', (event) => {
    events.push(JSON.parse(event.data as string) as RecordsEvent);
    wake();
  });
  source.addEventListener('job', (event) => {
    const job = JSON.parse(event.data as string) as Job;
    client.setQueryData(keys.job(job.id), job);
    forget(keys.jobs);
    if (job.kind === 'import' || job.kind === 'import_check') forget(keys.imports);
    if (job.finished_at !== null) forget(keys.operations);
  });
  source.addEventListener('catalog', (event) => {
    const { version } = JSON.parse(event.data as string) as { version: number };
    if (client.getQueryData<Catalog>(keys.catalog)?.version !== version) forget(keys.catalog);
  });
  source.addEventListener('session_ended', onSessionEnded);
  source.addEventListener('open', () => {
    // After a break the stream may have missed more than it can resend.
    if (wasOpen) forget(['records']);
    wasOpen = true;
  });

  return () => {
    window.clearTimeout(timer);
    source.close();
  };
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
  const isOwn = events.every((event) => event.action === 'updated' && isOwnOperation(event.operation_id));
  if (isOwn) return;

  let hasLongList = false;
  void client.invalidateQueries({
    queryKey: keys.lists(type),
    predicate: (query) => {
      const { pages } = (query.state.data ?? {}) as Partial<CachedList>;
      const isLong = (pages?.length ?? 0) > PAGES_READ_AGAIN;
      hasLongList ||= isLong && query.isActive();
      return !isLong;
    },
  });
  if (hasLongList) void readRows(client, type, [...ids].slice(0, ROWS_READ_AGAIN));
}

/** Puts the present values of some records into the lists that show them. */
async function readRows(client: QueryClient, type: string, ids: readonly number[]): Promise<void> {
  const loaded = client
    .getQueriesData<CachedList>({ queryKey: keys.lists(type) })
    .flatMap(([, list]) => list?.pages?.flatMap((page) => page.items.map((record) => record.id)) ?? []);
  for (const id of ids.filter((candidate) => loaded.includes(candidate))) {
    try {
      const record = await api.get<RecordItem>(`/records/${type}/${id}`);
      patchCached(client, type, id, () => record);
    } catch {
      // Gone or out of sight: the list says so when it is read again.
    }
  }
}
