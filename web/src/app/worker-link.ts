/** The page and its service worker: installing it, going where a notification leads, and saying that there is a new version. */
import { apiUrl } from '@/api/client';
import { keys } from '@/api/keys';
import { keepPushAlive } from '@/api/push-browser';
import { sessionQuery } from '@/api/session';
import type { Session } from '@/api/types';
import { showToast } from '@/ui/toast';
import i18next from 'i18next';
import { queryClient } from './query-client';
import { router } from './router';

/** A page that stays open asks for a new version this often, when it is looked at. */
const LOOK_MS = 10 * 60_000;

/** Whether the worker was built with this page. */
function isCurrent(worker: ServiceWorker): Promise<boolean> {
  const script = document.querySelector<HTMLScriptElement>('script[type=module][src]');
  const { port1, port2 } = new MessageChannel();
  return new Promise((resolve) => {
    port1.onmessage = (event) => resolve(event.data === true);
    worker.postMessage({ type: 'is_current', script: script === null ? '' : new URL(script.src).pathname }, [port2]);
  });
}

async function sayIfNew(): Promise<void> {
  const worker = navigator.serviceWorker.controller;
  if (worker === null || (await isCurrent(worker))) return;
  showToast(i18next.t('app:new_version'), { action: { label: i18next.t('app:reload'), onPress: () => window.location.reload() } });
}

export async function linkWorker(): Promise<void> {
  const container = navigator.serviceWorker;
  const wasControlled = container.controller !== null;
  container.addEventListener('message', (event) => {
    const { type, url } = event.data as { type: string; url?: string };
    if (type === 'open' && url !== undefined) router.history.push(url);
    if (type === 'subscription_changed') void keepAlive();
  });
  container.addEventListener('controllerchange', () => {
    if (wasControlled) void sayIfNew();
    // A worker that has just come does not know yet whose page it is, and keeps the answer that tells.
    else void fetch(apiUrl('/session')).catch(() => undefined);
  });
  const registration = await container.register('/service-worker.js', { updateViaCache: 'none' }).catch(() => null);
  if (registration === null) return;
  let lookedAt = Date.now();
  document.addEventListener('visibilitychange', () => {
    if (document.visibilityState !== 'visible' || Date.now() - lookedAt < LOOK_MS) return;
    lookedAt = Date.now();
    void registration.update().catch(() => undefined);
    void sayIfNew();
  });
  await keepAlive();
  // Whoever logs in later in this page.
  queryClient.getQueryCache().subscribe(({ type, query }) => {
    if (type === 'updated' && query.queryHash === JSON.stringify(keys.session)) void keepAlive();
  });
}

let keptFor: number | null = null;

/** A subscription belongs to a session: a new one of the same person takes it over. */
async function keepAlive(): Promise<void> {
  const session = queryClient.getQueryData<Session | null>(sessionQuery.queryKey) ?? null;
  const user = session !== null && session.seen_by == null ? session.user.id : null;
  if (user === keptFor) return;
  keptFor = user;
  if (user !== null) await keepPushAlive(user).catch(() => undefined);
}
