import { QueryClient } from '@tanstack/react-query';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { keys } from '@/api/keys';
import type { RecordItem, Values } from '@/api/types';
import { isKept, unsentStore, withUnsent, writeOrKeep } from '@/api/unsent';
import { dropUnsent, sendAgain, sendUnsent } from './send';

const USER = 7;
const record = { id: 1, type: 'contact', version: 3, title: 'Шевчук', values: { position: 'бухгалтер', warmth: 'hot' } } as unknown as RecordItem;

interface Sent {
  method: string;
  version: string | null;
  key: string | null;
  values: Values;
}

let sent: Sent[] = [];
/** What the server says next; nothing when it cannot be reached. */
let answers: (Response | null)[] = [];

function client(allowsOffline = true): QueryClient {
  const made = new QueryClient();
  made.setQueryData(keys.session, { user: { id: USER }, seen_by: null, installation: { allows_offline: allowsOffline } });
  return made;
}

function change(made: QueryClient, key: string, values: Values) {
  return writeOrKeep(made, { key, type: 'contact', id: 1, title: 'Шевчук', version: 3, values, shown: values }, record);
}

function ok(version: number): Response {
  return new Response(JSON.stringify({ record: { ...record, version }, operation_id: 1 }), { status: 200 });
}

function refusal(code: string, status: number, params = {}): Response {
  return new Response(JSON.stringify({ code, params }), { status });
}

beforeEach(() => {
  const stored = new Map<string, string>();
  sent = [];
  answers = [];
  vi.stubGlobal('localStorage', {
    getItem: (name: string) => stored.get(name) ?? null,
    setItem: (name: string, text: string) => stored.set(name, text),
    removeItem: (name: string) => stored.delete(name),
  });
  vi.stubGlobal('navigator', { onLine: true });
  vi.stubGlobal('fetch', (_url: string, { method, headers, body }: { method: string; headers: Headers; body: string }) => {
    const { values } = JSON.parse(body) as { values: Values };
    sent.push({ method, version: headers.get('If-Match'), key: headers.get('Idempotency-Key'), values });
    const answer = answers.shift() ?? null;
    return answer === null ? Promise.reject(new TypeError('no network')) : Promise.resolve(answer);
  });
});

afterEach(() => vi.unstubAllGlobals());

describe('what is written without a connection', () => {
  it('is kept, shown, and sent in its order; another field keeps the version that its writer saw', async () => {
    const made = client();
    const first = await change(made, 'a', { position: 'директор' });
    expect([isKept(first), first.record.values.position]).toEqual([true, 'директор']);
    await change(made, 'b', { warmth: 'cold' });
    expect(withUnsent(made, record).values).toEqual({ position: 'директор', warmth: 'cold' });
    sent = [];
    answers = [ok(4), ok(5)];
    expect(await sendUnsent(made)).toBe(2);
    expect(sent.map(({ version, key }) => [version, key])).toEqual([['"3"', 'a'], ['"3"', 'b']]);
    expect(unsentStore.read(USER)).toEqual([]);
    expect(withUnsent(made, record)).toBe(record);
  });

  it('waits as long as the server cannot be reached, and loses nothing', async () => {
    const made = client();
    await change(made, 'a', { position: 'директор' });
    expect(await sendUnsent(made)).toBe(0);
    answers = [refusal('unauthenticated', 401)];
    expect(await sendUnsent(made)).toBe(0);
    expect(unsentStore.read(USER).map(({ key, problem }) => [key, problem])).toEqual([['a', null]]);
  });

  it.each([502, 504])('is kept and waits while a proxy answers %i in place of the server', async (status) => {
    const made = client();
    const proxy = () => new Response('<html>', { status });
    answers = [proxy()];
    expect(isKept(await change(made, 'a', { position: 'директор' }))).toBe(true);
    answers = [proxy()];
    expect(await sendUnsent(made)).toBe(0);
    expect(unsentStore.read(USER).map(({ key, problem }) => [key, problem])).toEqual([['a', null]]);
    answers = [ok(4)];
    expect(await sendUnsent(made)).toBe(1);
    expect(sent.map(({ key }) => key), 'what did arrive behind the proxy is not written twice').toEqual(['a', 'a', 'a']);
  });

  it('starts from the version that its forerunner left, also when the connection goes between them', async () => {
    const made = client();
    await change(made, 'a', { position: 'директор' });
    await change(made, 'b', { position: 'юрист' });
    answers = [ok(4)];
    expect(await sendUnsent(made)).toBe(1);
    sent = [];
    answers = [ok(5)];
    expect(await sendUnsent(made)).toBe(1);
    expect(sent.map(({ version, key }) => [version, key])).toEqual([['"4"', 'b']]);
  });

  it('is parted where only one of its fields was written before it', async () => {
    const made = client();
    await change(made, 'a', { position: 'директор' });
    await change(made, 'b', { position: 'юрист', warmth: 'cold' });
    sent = [];
    answers = [ok(5), ok(6), refusal('version_conflict', 409, { version: 6 })];
    expect(await sendUnsent(made)).toBe(2);
    expect(sent.map(({ version, values }) => [version, values])).toEqual([
      ['"3"', { position: 'директор' }],
      ['"5"', { position: 'юрист' }],
      ['"3"', { warmth: 'cold' }],
    ]);
    expect(unsentStore.read(USER).map(({ values, problem }) => [values, problem?.code]), 'a colleague wrote that field meanwhile').toEqual([[{ warmth: 'cold' }, 'version_conflict']]);
  });

  it('asks before a new record is sent whose answer was lost more than a day ago', async () => {
    const made = client();
    const make = (key: string) => writeOrKeep(made, { key, type: 'comment', id: null, title: '', version: null, values: {}, shown: {} }, record);
    const day = 24 * 3_600_000;
    vi.useFakeTimers({ now: Date.parse('2026-11-24T08:00:00Z') });
    await make('a');
    vi.stubGlobal('navigator', { onLine: false });
    await make('b');
    vi.stubGlobal('navigator', { onLine: true });
    vi.setSystemTime(Date.now() + day);
    sent = [];
    answers = [ok(1)];
    expect(await sendUnsent(made), 'the one that never left the device').toBe(1);
    expect(unsentStore.read(USER).map(({ key, problem }) => [key, problem?.code])).toEqual([['a', 'may_stand_already']]);
    sendAgain(USER, 'a');
    answers = [ok(1)];
    expect(await sendUnsent(made)).toBe(1);
    expect(unsentStore.read(USER)).toEqual([]);
    vi.useRealTimers();
  });

  it('stays with its reason when it is refused, until its writer decides', async () => {
    const made = client();
    await change(made, 'a', { position: 'директор' });
    await change(made, 'b', { warmth: 'cold' });
    answers = [refusal('version_conflict', 409, { version: 9 }), ok(10)];
    expect(await sendUnsent(made)).toBe(1);
    const [refused] = unsentStore.read(USER);
    expect(refused?.problem?.code).toBe('version_conflict');
    expect(withUnsent(made, record), 'what was refused is not shown as if it stood').toBe(record);
    sendAgain(USER, 'a', 9);
    sent = [];
    answers = [ok(11)];
    expect(await sendUnsent(made)).toBe(1);
    expect(sent[0]?.version).toBe('"9"');
    expect(sent[0]?.key, 'another version is another attempt').not.toBe('a');
    await change(made, 'c', { position: 'x' });
    dropUnsent(USER, 'c');
    expect(unsentStore.read(USER)).toEqual([]);
  });

  it('is refused at once where nothing may lie on the disk, and when the server has an answer', async () => {
    await expect(change(client(false), 'a', { position: 'x' })).rejects.toThrow();
    answers = [refusal('forbidden', 403)];
    await expect(change(client(), 'b', { position: 'x' })).rejects.toThrow();
    expect(unsentStore.read(USER)).toEqual([]);
  });
});
