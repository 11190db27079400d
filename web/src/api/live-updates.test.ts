import { QueryClient } from '@tanstack/react-query';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { keys } from './keys';
import { followEvents } from './live-updates';
import type { RecordItem, RecordQuery } from './types';

/** The stream of the browser, in the hands of the test. */
class Stream extends EventTarget {
  static readonly CONNECTING = 0;
  static readonly OPEN = 1;
  static readonly CLOSED = 2;
  static made: Stream[] = [];
  readyState = Stream.CONNECTING;

  constructor() {
    super();
    Stream.made.push(this);
  }

  open(): void {
    this.readyState = Stream.OPEN;
    this.dispatchEvent(new Event('open'));
  }

  fail(readyState: number): void {
    this.readyState = readyState;
    this.dispatchEvent(new Event('error'));
  }

  tell(kind: string, data: unknown): void {
    this.dispatchEvent(new MessageEvent(kind, { data: JSON.stringify(data) }));
  }

  close(): void {
    this.readyState = Stream.CLOSED;
  }
}

const last = (): Stream => Stream.made.at(-1) as Stream;

beforeEach(() => {
  vi.useFakeTimers();
  Stream.made = [];
  vi.stubGlobal('EventSource', Stream);
  vi.stubGlobal('window', globalThis);
});

afterEach(() => {
  vi.useRealTimers();
  vi.unstubAllGlobals();
});

function isStale(client: QueryClient, key: readonly unknown[]): boolean {
  return client.getQueryState(key)?.isInvalidated === true;
}

describe('the event stream', () => {
  it('is opened again after a refusal, ever more rarely, until it is not wanted any more', () => {
    const stop = followEvents(new QueryClient(), () => undefined);
    last().fail(Stream.CLOSED);
    expect(Stream.made).toHaveLength(1);
    vi.advanceTimersByTime(1_000);
    expect(Stream.made).toHaveLength(2);
    last().fail(Stream.CLOSED);
    vi.advanceTimersByTime(1_000);
    expect(Stream.made).toHaveLength(2);
    vi.advanceTimersByTime(1_000);
    expect(Stream.made).toHaveLength(3);
    last().fail(Stream.CLOSED);
    stop();
    vi.advanceTimersByTime(600_000);
    expect(Stream.made).toHaveLength(3);
  });

  it('is left to the browser where that goes on by itself', () => {
    const stop = followEvents(new QueryClient(), () => undefined);
    last().fail(Stream.CONNECTING);
    vi.advanceTimersByTime(600_000);
    expect(Stream.made).toHaveLength(1);
    stop();
  });

  it('makes everything stale once it is back', () => {
    const client = new QueryClient();
    const all = [keys.catalog, keys.jobs, keys.imports, keys.operations, keys.record('contact', 1)];
    for (const key of all) client.setQueryData(key, {});
    const stop = followEvents(client, () => undefined);
    last().open();
    vi.advanceTimersByTime(1_000);
    expect(all.filter((key) => isStale(client, key))).toEqual([]);
    last().fail(Stream.CLOSED);
    vi.advanceTimersByTime(1_000);
    last().open();
    vi.advanceTimersByTime(1_000);
    expect(all.filter((key) => !isStale(client, key))).toEqual([]);
    stop();
  });

  it('takes what is out of sight out of every list without asking for it, and what belongs to it may be gone too', () => {
    const client = new QueryClient();
    const page = (ids: number[]) => ({ items: ids.map((id) => ({ id, deleted_at: null, values: {} }) as unknown as RecordItem), next_cursor: null });
    const [short, long, comments, deals] = [keys.list('contact', {}), keys.list('contact', { sort: 'id' }), keys.list('comment', {}), keys.record('deal', 1)];
    client.setQueryData(short, { pages: [page([1, 2])], pageParams: [] });
    client.setQueryData(long, { pages: [page([1, 2]), ...[3, 4, 5, 6, 7].map((id) => page([id]))], pageParams: [] });
    client.setQueryData(comments, { pages: [page([9])], pageParams: [] });
    client.setQueryData(deals, {});
    const asked = vi.fn();
    vi.stubGlobal('fetch', asked);
    const stop = followEvents(client, () => undefined);
    last().tell('records', { type: 'contact', ids: [2, 5], action: 'gone', operation_id: null });
    vi.advanceTimersByTime(1_000);
    const left = (key: readonly unknown[]) => client.getQueryData<{ pages: { items: RecordItem[] }[] }>(key)?.pages.flatMap(({ items }) => items.map(({ id }) => id));
    expect([left(short), left(long)]).toEqual([[1], [1, 3, 4, 6, 7]]);
    expect([isStale(client, short), isStale(client, long), isStale(client, comments), isStale(client, deals)]).toEqual([true, false, true, false]);
    expect(asked).not.toHaveBeenCalled();
    stop();
  });

  it('makes the face of a user stale, and the session where that is oneself', () => {
    const client = new QueryClient();
    client.setQueryData(keys.session, { user: { id: 7 } });
    for (const id of [7, 8, 9]) client.setQueryData(keys.userPhoto(id), null);
    const stop = followEvents(client, () => undefined);
    last().tell('records', { type: 'user', ids: [8], action: 'updated', operation_id: 1 });
    vi.advanceTimersByTime(1_000);
    expect([7, 8, 9].map((id) => isStale(client, keys.userPhoto(id)))).toEqual([false, true, false]);
    expect(isStale(client, keys.session)).toBe(false);
    last().tell('records', { type: 'user', ids: [7], action: 'updated', operation_id: 2 });
    vi.advanceTimersByTime(1_000);
    expect([isStale(client, keys.userPhoto(7)), isStale(client, keys.session)]).toEqual([true, true]);
    stop();
  });

  it('takes what was deleted out of a list too long to be read again', async () => {
    const client = new QueryClient();
    const record = (id: number, deleted_at: string | null = null) => ({ id, deleted_at, values: {} }) as unknown as RecordItem;
    const long = (query: RecordQuery, ids: number[]) => {
      const pages = [1, 2, 3, 4, 5].map(() => ({ items: [] as RecordItem[], next_cursor: 'x' }));
      const key = keys.list('contact', query);
      client.setQueryData(key, { pages: [{ items: ids.map((id) => record(id)), next_cursor: 'x' }, ...pages], pageParams: [] });
      const query_ = client.getQueryCache().find({ queryKey: key });
      vi.spyOn(query_ as NonNullable<typeof query_>, 'isActive').mockReturnValue(true);
    };
    long({}, [1, 2, 3]);
    const answers: Record<string, Response> = {
      '/api/v1/records/contact/1': new Response(JSON.stringify(record(1, '2026-11-22T07:00:00Z'))),
      '/api/v1/records/contact/2': new Response(JSON.stringify({ code: 'not_found' }), { status: 404 }),
    };
    vi.stubGlobal('fetch', (url: string) => Promise.resolve(answers[url]));
    const stop = followEvents(client, () => undefined);
    last().tell('records', { type: 'contact', ids: [1, 2], action: 'deleted', operation_id: 7 });
    await vi.advanceTimersByTimeAsync(1_000);
    const list = client.getQueryData<{ pages: { items: RecordItem[] }[] }>(keys.list('contact', {}));
    expect(list?.pages.flatMap((page) => page.items.map(({ id }) => id))).toEqual([3]);
    stop();
  });

  it('makes those stale who may belong to a changed set', () => {
    const client = new QueryClient();
    client.setQueryData(keys.catalog, { version: 1, object_types: [{ name: 'group', members: { type: 'contact', field: 'groups' } }, { name: 'tag' }] });
    const stale = [keys.list('contact', { filter: 'groups has (7)' }), keys.count('contact', {}), keys.record('contact', 1)];
    for (const key of stale) client.setQueryData(key, {});
    const stop = followEvents(client, () => undefined);
    last().tell('records', { type: 'tag', ids: [7], action: 'updated', operation_id: 1 });
    vi.advanceTimersByTime(1_000);
    expect(stale.filter((key) => isStale(client, key))).toEqual([]);
    last().tell('records', { type: 'group', ids: [7], action: 'updated', operation_id: 2 });
    vi.advanceTimersByTime(1_000);
    expect(stale.filter((key) => !isStale(client, key))).toEqual([]);
    stop();
  });
});
