import { InfiniteQueryObserver, MutationObserver, QueryClient } from '@tanstack/react-query';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { showJob } from './jobs';
import { keys } from './keys';
import { changeRecordOptions, dropCached, recordListQuery, type CachedList } from './records';
import type { Job, Page, RecordItem, RecordQuery, Values } from './types';

function record(id: number, values: Values): RecordItem {
  return { id, type: 'contact', version: 3, title: '', deleted_at: null, can_edit: true, can_delete: true, values } as unknown as RecordItem;
}

function answer(body: unknown, status = 200): Response {
  return new Response(JSON.stringify(body), { status });
}

/** An answer that comes when the test wants it. */
function later(): { promise: Promise<Response>; give: (response: Response) => void } {
  let give: (response: Response) => void = () => undefined;
  const promise = new Promise<Response>((resolve) => {
    give = resolve;
  });
  return { promise, give };
}

function shownIn(client: QueryClient, query: RecordQuery = {}): Values[] | undefined {
  return client.getQueryData<CachedList>(keys.list('contact', query))?.pages?.flatMap((page) => page.items.map((item) => item.values));
}

function putList(client: QueryClient, items: RecordItem[], query: RecordQuery = {}): void {
  client.setQueryData(keys.list('contact', query), { pages: [{ items, next_cursor: null }], pageParams: [null] });
}

afterEach(() => vi.unstubAllGlobals());

describe('a refused change', () => {
  it('takes back its own fields and no others, in lists too', async () => {
    const client = new QueryClient();
    client.setQueryData(keys.record('contact', 1), record(1, { position: 'бухгалтер', warmth: 'hot' }));
    putList(client, [record(1, { position: 'бухгалтер', warmth: 'hot' })]);
    const refusal = later();
    vi.stubGlobal('fetch', () => refusal.promise);
    const change = new MutationObserver(client, changeRecordOptions(client, 'contact')).mutate({ id: 1, version: 3, values: { position: 'x' } });
    await vi.waitFor(() => expect(shownIn(client)).toEqual([{ position: 'x', warmth: 'hot' }]));
    // Meanwhile another field was saved.
    client.setQueryData(keys.record('contact', 1), record(1, { position: 'x', warmth: 'cold' }));
    putList(client, [record(1, { position: 'x', warmth: 'cold' })]);
    refusal.give(answer({ code: 'validation_failed' }, 422));
    await expect(change).rejects.toThrow();
    expect(client.getQueryData<RecordItem>(keys.record('contact', 1))?.values).toEqual({ position: 'бухгалтер', warmth: 'cold' });
    expect(shownIn(client)).toEqual([{ position: 'бухгалтер', warmth: 'cold' }]);
    expect(client.getQueryState(keys.record('contact', 1))?.isInvalidated).toBe(true);
  });

  it('is taken back where only a list shows the record', async () => {
    const client = new QueryClient();
    putList(client, [record(1, { position: 'бухгалтер' })]);
    vi.stubGlobal('fetch', () => Promise.resolve(answer({ code: 'forbidden' }, 403)));
    await expect(
      new MutationObserver(client, changeRecordOptions(client, 'contact')).mutate({ id: 1, version: 3, values: { position: 'x' } }),
    ).rejects.toThrow();
    expect(shownIn(client)).toEqual([{ position: 'бухгалтер' }]);
  });
});

it('a list that was being read does not put the old value over a change', async () => {
  const client = new QueryClient({ defaultOptions: { queries: { retry: false } } });
  putList(client, [record(1, { position: 'бухгалтер' })]);
  const [old, written] = [later(), later()];
  const reads = [old.promise, Promise.resolve(answer({ items: [record(1, { position: 'нова' })], next_cursor: null }))];
  vi.stubGlobal('fetch', (_url: string, init: RequestInit) => (init.method === 'PATCH' ? written.promise : reads.shift()));
  const stop = new InfiniteQueryObserver(client, { ...recordListQuery('contact', {}), staleTime: 0 }).subscribe(() => undefined);
  const change = new MutationObserver(client, changeRecordOptions(client, 'contact')).mutate({ id: 1, version: 3, values: { position: 'нова' } });
  await vi.waitFor(() => expect(shownIn(client)).toEqual([{ position: 'нова' }]));
  old.give(answer({ items: [record(1, { position: 'бухгалтер' })], next_cursor: null }));
  await vi.waitFor(() => expect(client.isFetching()).toBe(0));
  expect(shownIn(client)).toEqual([{ position: 'нова' }]);
  written.give(answer({ record: record(1, { position: 'нова' }), operation_id: 5 }));
  await change;
  // The reading that was stopped is made up for.
  await vi.waitFor(() => expect(reads).toEqual([]));
  await vi.waitFor(() => expect(client.isFetching()).toBe(0));
  expect(shownIn(client)).toEqual([{ position: 'нова' }]);
  stop();
});

it('a record leaves the lists it is no longer in', () => {
  const client = new QueryClient();
  putList(client, [record(1, {}), record(2, {})]);
  putList(client, [record(1, {})], { trash: true });
  dropCached(client, 'contact', 1, (query) => query.trash !== true);
  expect(shownIn(client)).toHaveLength(1);
  expect(shownIn(client, { trash: true })).toHaveLength(1);
});

it('a job that has just started stands at the head of the list', () => {
  const client = new QueryClient();
  const job = (id: number, state: Job['state']) => ({ id, state }) as Job;
  client.setQueryData(keys.jobs, { items: [job(8, 'done')], next_cursor: null });
  showJob(client, job(9, 'queued'));
  expect(client.getQueryData<Page<Job>>(keys.jobs)?.items.map(({ id }) => id)).toEqual([9, 8]);
  expect(client.getQueryState(keys.jobs)?.isInvalidated).toBe(true);
});
