import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { answer, change, changesReader, forget, isKeepable, KEPT_AT } from './kept';
import { storedReader } from './reader';

/** The caches of the browser, as far as the worker uses them. */
class Place {
  entries = new Map<string, Response>();
  private key = (request: Request | string): string => new URL(typeof request === 'string' ? request : request.url, 'https://crm.example').href;
  match = (request: Request | string) => Promise.resolve(this.entries.get(this.key(request))?.clone());
  put = (request: Request | string, response: Response) => Promise.resolve(void this.entries.set(this.key(request), response));
  delete = (request: Request | string) => Promise.resolve(this.entries.delete(this.key(request)));
  keys = () => Promise.resolve([...this.entries.keys()].map((url) => new Request(url)));
}

let places: Map<string, Place>;
let network: (url: string) => Response | Promise<Response>;

const url = (path: string): string => `https://crm.example/api/v1${path}`;
const json = (body: unknown, status = 200): Response => new Response(JSON.stringify(body), { status });
const session = (id: number, more: object = {}) => ({ user: { id }, seen_by: null, working_hours: null, installation: { allows_offline: true }, ...more });

async function get(path: string): Promise<Response> {
  const work: Promise<unknown>[] = [];
  const response = await answer(new Request(url(path)), (one) => void work.push(one));
  await Promise.all(work);
  return response;
}

const keptOf = () => [...places.keys()].filter((name) => name.startsWith('kept-'));
const offline = () => {
  network = () => Promise.reject(new TypeError('no network'));
};

beforeEach(() => {
  places = new Map();
  vi.stubGlobal('caches', {
    open: (name: string) => {
      const place = places.get(name) ?? new Place();
      places.set(name, place);
      return Promise.resolve(place);
    },
    keys: () => Promise.resolve([...places.keys()]),
    delete: (name: string) => Promise.resolve(places.delete(name)),
  });
  vi.stubGlobal('fetch', (request: Request) => Promise.resolve().then(() => network(request.url)));
  network = (address) => json(address === url('/session') ? session(3) : { url: address });
});

afterEach(() => {
  vi.unstubAllGlobals();
  vi.useRealTimers();
});

describe('what is kept', () => {
  it('answers where there is no network, and says since when it stands', async () => {
    await get('/session');
    const fresh = await get('/records/contact/1');
    expect(fresh.headers.get(KEPT_AT)).toBeNull();
    offline();
    const kept = await get('/records/contact/1');
    expect(await kept.json()).toEqual({ url: url('/records/contact/1') });
    expect(Date.parse(kept.headers.get(KEPT_AT) ?? '')).toBeGreaterThan(0);
    expect(await (await get('/session')).json()).toEqual(session(3));
    await expect(get('/records/contact/2')).rejects.toThrow();
  });

  it('is of screens of records alone', () => {
    const check = (path: string, expected: boolean) => expect(isKeepable(`/api/v1${path}`), path).toBe(expected);
    for (const path of ['/session', '/catalog', '/records/contact', '/records/contact/1/history']) check(path, true);
    for (const path of ['/session/all', '/session/push', '/events', '/files/x', '/audit', '/records/contact/1/explain', '/search']) check(path, false);
  });

  it('goes with the session, whoever ends it', async () => {
    const ways: (() => Promise<unknown>)[] = [
      forget,
      async () => {
        network = () => json({ code: 'unauthenticated' }, 401);
        await get('/records/contact/1');
      },
    ];
    for (const way of ways) {
      network = (address) => json(address === url('/session') ? session(3) : {});
      await get('/session');
      await get('/records/contact/1');
      expect(keptOf()).toEqual(['kept-3']);
      await way();
      expect([keptOf(), await storedReader()]).toEqual([[], null]);
      offline();
      await expect(get('/records/contact/1')).rejects.toThrow();
      await expect(get('/session')).rejects.toThrow();
    }
    expect(changesReader('DELETE', '/api/v1/session')).toBe(true);
    expect(changesReader('POST', '/api/v1/session')).toBe(true);
    expect(changesReader('POST', '/api/v1/records/contact')).toBe(false);
  });

  it('follows a login, whose first step is no session yet', async () => {
    const logIn = (body: object) => {
      network = () => json(body);
      return change(new Request(url('/session'), { method: 'POST', body: '{}' }));
    };
    await logIn({ ticket: 'x' });
    expect(await storedReader()).toBeNull();
    await logIn(session(3));
    expect((await storedReader())?.user).toBe(3);
    await get('/records/contact/1');
    expect(keptOf()).toEqual(['kept-3']);
    offline();
    await expect(change(new Request(url('/session'), { method: 'DELETE' }))).rejects.toThrow();
    expect([keptOf(), await storedReader()]).toEqual([[], null]);
  });

  it('is never another one’s', async () => {
    await get('/session');
    await get('/records/contact/1');
    network = (address) => json(address === url('/session') ? session(4) : {});
    await get('/session');
    expect(keptOf()).toEqual(['kept-4']);
    offline();
    await expect(get('/records/contact/1')).rejects.toThrow();
  });

  it('takes in nothing that was on its way when the session ended', async () => {
    await get('/session');
    let release: (response: Response) => void = () => undefined;
    network = () => new Promise((resolve) => (release = resolve));
    const late = get('/records/contact/1');
    await vi.waitFor(() => expect(release).not.toHaveLength(0));
    await forget();
    network = () => json(session(4));
    await get('/session');
    release(json({ secret: true }));
    await late;
    offline();
    await expect(get('/records/contact/1')).rejects.toThrow();
  });

  it('is nothing where an administrator does not want it, and where one looks with other eyes', async () => {
    for (const more of [{ installation: { allows_offline: false } }, { seen_by: { id: 1 } }]) {
      network = (address) => json(address === url('/session') ? session(3) : {});
      await get('/session');
      network = (address) => json(address === url('/session') ? session(3, more) : {});
      await get('/session');
      await get('/records/contact/1');
      expect(keptOf()).toEqual([]);
    }
  });

  it('is shown for some days, and not after the working hours', async () => {
    vi.useFakeTimers({ now: Date.parse('2026-11-23T12:00:00Z'), toFake: ['Date'] });
    network = (address) => json(address === url('/session') ? session(3, { working_hours: { open_until: '2026-11-23T18:00:00Z' } }) : {});
    await get('/session');
    await get('/records/contact/1');
    offline();
    await get('/records/contact/1');
    vi.setSystemTime(Date.parse('2026-11-23T18:00:00Z'));
    await expect(get('/records/contact/1')).rejects.toThrow();

    network = (address) => json(address === url('/session') ? session(3) : {});
    await get('/session');
    await get('/records/contact/1');
    offline();
    vi.setSystemTime(Date.parse('2026-11-26T17:59:00Z'));
    await get('/records/contact/1');
    vi.setSystemTime(Date.parse('2026-11-26T18:00:00Z'));
    await expect(get('/records/contact/1')).rejects.toThrow();
  });

  it('is not more than some hundred answers', async () => {
    await get('/session');
    for (let id = 0; id < 305; id += 1) await get(`/records/contact/${id}`);
    expect(places.get('kept-3')?.entries.size).toBe(300);
    offline();
    await expect(get('/records/contact/1')).rejects.toThrow();
    await get('/records/contact/304');
  });
});
