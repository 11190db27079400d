/** The service worker of a page, in the hands of a test. */
import { expect, type BrowserContext, type Page, type Worker } from '@playwright/test';

/** Waits until the worker answers the requests of the page. */
export async function untilControlled(page: Page): Promise<void> {
  await page.waitForFunction(() => navigator.serviceWorker.controller !== null);
}

export function workerOf(context: BrowserContext): Worker {
  const worker = context.serviceWorkers().at(-1);
  if (worker === undefined) throw new Error('there is no service worker');
  return worker;
}

/** As far as a test speaks with the worker: its own types exclude those of pages. */
interface Scope {
  registration: ServiceWorkerRegistration;
  clients: { matchAll: () => Promise<{ postMessage: (message: unknown) => void }[]> };
}

export interface Shown {
  title: string;
  body: string;
  tag: string;
  url: string;
}

/** What is on the screen. */
export function shownBy(context: BrowserContext): Promise<Shown[]> {
  return workerOf(context).evaluate(async () => {
    const all = await (self as unknown as Scope).registration.getNotifications();
    return all.map(({ title, body, tag, data }) => ({ title, body, tag, url: (data as { url: string }).url }));
  });
}

/** What the worker does with the pages after a click; a click itself is the browser's alone. */
export async function sendPagesTo(context: BrowserContext, url: string): Promise<void> {
  await workerOf(context).evaluate(async (to) => {
    for (const client of await (self as unknown as Scope).clients.matchAll()) client.postMessage({ type: 'open', url: to });
  }, url);
}

/** The caches with answers of the server. */
export function keptBy(context: BrowserContext): Promise<string[]> {
  return workerOf(context).evaluate(async () => (await caches.keys()).filter((name) => name.startsWith('kept-')));
}

/** Delivers a message as the push service of the browser would. */
export async function deliverPush(page: Page, origin: string, data: string): Promise<void> {
  const session = await page.context().newCDPSession(page);
  const registrations: string[] = [];
  session.on('ServiceWorker.workerRegistrationUpdated', (event) => {
    for (const one of event.registrations) if (one.scopeURL.startsWith(origin) && !one.isDeleted) registrations.push(one.registrationId);
  });
  await session.send('ServiceWorker.enable');
  await expect.poll(() => registrations.length).toBeGreaterThan(0);
  await session.send('ServiceWorker.deliverPushMessage', { origin, registrationId: registrations.at(-1) ?? '', data });
  await session.detach();
}
