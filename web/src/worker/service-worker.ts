/**
 * The part of the program that works without a page: it shows what is pushed, and answers pages that have no connection.
 *
 * It has no library, and it is built as one file of its own (`vite.worker.config.ts`). A new one takes over at once: it never answers with old code (see
 * `shell.ts`), so there is nothing to wait for.
 */
import { answer, change, changesReader, forget, isKeepable } from './kept';
import { storedReader } from './reader';
import { asset, dropOld, install, isOfThisVersion, page } from './shell';
import { isSafari, isShown, pageOf, readTold, tagOf } from './told';

declare const self: ServiceWorkerGlobalScope;

self.addEventListener('install', (event) => event.waitUntil(install().then(() => self.skipWaiting())));
self.addEventListener('activate', (event) => event.waitUntil(dropOld().then(() => self.clients.claim())));

self.addEventListener('fetch', (event) => {
  const { request } = event;
  const { origin, pathname } = new URL(request.url);
  if (origin !== self.location.origin) return;
  if (changesReader(request.method, pathname)) {
    event.respondWith(change(request));
  } else if (request.method !== 'GET') {
    return;
  } else if (isKeepable(pathname)) {
    event.respondWith(answer(request, (work) => event.waitUntil(work)));
  } else if (pathname.startsWith('/assets/')) {
    event.respondWith(asset(request));
  } else if (request.mode === 'navigate' && !pathname.startsWith('/api/') && !pathname.includes('.')) {
    event.respondWith(page(request));
  }
});

self.addEventListener('message', (event) => {
  const { type, script } = event.data as { type: string; script?: string };
  if (type === 'forget') event.waitUntil(forget());
  if (type === 'is_current') event.ports[0]?.postMessage(isOfThisVersion(script));
});

const pages = () => self.clients.matchAll({ type: 'window', includeUncontrolled: true });

async function show(text: string | undefined): Promise<void> {
  const told = readTold(text);
  if (told === null) return;
  const isPageVisible = (await pages()).some((client) => client.visibilityState === 'visible');
  const reader = await storedReader();
  const surroundings = { reader: reader == null ? reader : reader.user, isPageVisible, mustShow: isSafari(self.navigator.userAgent) };
  if (!isShown(told, surroundings)) return;
  await self.registration.showNotification(told.title, {
    body: told.body,
    tag: tagOf(told),
    lang: told.language,
    icon: '/icons/icon-192.png',
    badge: '/icons/badge-96.png',
    data: { url: told.url },
  });
}

self.addEventListener('push', (event) => event.waitUntil(show(event.data?.text())));

/** An open page goes there without being loaded anew, so that nothing typed in it is lost; without one, one is opened. */
async function open(url: string): Promise<void> {
  const [first] = [...(await pages())].sort((a, b) => Number(b.focused) - Number(a.focused));
  if (first === undefined) {
    await self.clients.openWindow(url);
    return;
  }
  first.postMessage({ type: 'open', url });
  // Some systems let nobody come to the front.
  await first.focus().catch(() => undefined);
}

self.addEventListener('notificationclick', (event) => {
  event.notification.close();
  event.waitUntil(open(pageOf((event.notification.data as { url?: unknown } | null)?.url, self.location.origin)));
});

/** The browser has changed its address by itself: the next page that is opened tells the server of the new one. */
self.addEventListener('pushsubscriptionchange', () => {
  void pages().then((all) => all.forEach((client) => client.postMessage({ type: 'subscription_changed' })));
});
