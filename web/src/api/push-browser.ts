/** Notifications over all windows, in this browser: whether it can, whether it may, and how it is subscribed. */
import { api } from './client';

/** Why this browser cannot be told. */
export type PushObstacle =
  /** The page did not come over a safe connection. */
  | 'insecure'
  /** On an iPhone or iPad only an installed program may. */
  | 'not_installed'
  | 'unsupported'
  /** The person has said no to the browser. */
  | 'denied';

export interface PushSubscriptionItem {
  id: number;
  user_agent: string | null;
  created_at: string;
  used_at: string | null;
  failing_since: string | null;
  /** It is the browser of this session. */
  is_here: boolean;
}

export interface PushState {
  /** Null where an administrator has switched notifications of browsers off. */
  public_key: string | null;
  items: readonly PushSubscriptionItem[];
}

/** For whom this browser was switched on: somebody else who comes in here is not told by it. */
const STORED = 'kartoteka.push_for';
/** A push service that does not answer holds nobody up. */
const PATIENCE_MS = 2_000;

export function pushObstacle(): PushObstacle | null {
  if (!window.isSecureContext) return 'insecure';
  if (!('serviceWorker' in navigator && 'PushManager' in window && 'Notification' in window)) {
    return /iPhone|iPad/.test(navigator.userAgent) ? 'not_installed' : 'unsupported';
  }
  return Notification.permission === 'denied' ? 'denied' : null;
}

/** Answers `denied` when the person says no. */
export async function subscribeHere(user: number, publicKey: string): Promise<PushSubscriptionItem | 'denied'> {
  if ((await Notification.requestPermission()) !== 'granted') return 'denied';
  const item = await subscribe(publicKey);
  localStorage.setItem(STORED, String(user));
  return item;
}

async function subscribe(publicKey: string): Promise<PushSubscriptionItem> {
  const { pushManager } = await navigator.serviceWorker.ready;
  const before = await pushManager.getSubscription();
  // Made with another key, it is good for nothing.
  if (before !== null && base64url(before.options.applicationServerKey) !== publicKey) await before.unsubscribe();
  const made = await pushManager.subscribe({ userVisibleOnly: true, applicationServerKey: publicKey });
  const { endpoint, keys } = made.toJSON();
  return api.post<PushSubscriptionItem>('/session/push/subscriptions', { endpoint, p256dh: keys?.p256dh, auth: keys?.auth });
}

function base64url(bytes: ArrayBuffer | null): string {
  const text = String.fromCharCode(...new Uint8Array(bytes ?? new ArrayBuffer(0)));
  return btoa(text).replaceAll('+', '-').replaceAll('/', '_').replaceAll('=', '');
}

/** A person who has switched this browser on is told in it also after another login; somebody else is not. */
export async function keepPushAlive(user: number): Promise<void> {
  const stored = localStorage.getItem(STORED);
  if (stored === null || pushObstacle() !== null || Notification.permission !== 'granted') return;
  if (stored !== String(user)) return forgetPushHere();
  const state = await api.get<PushState>('/session/push');
  if (state.public_key !== null && !state.items.some((item) => item.is_here)) await subscribe(state.public_key);
}

/** This browser is told nothing any more, whatever is still on its way. */
export async function forgetPushHere(): Promise<void> {
  if (localStorage.getItem(STORED) === null) return;
  localStorage.removeItem(STORED);
  const ended = navigator.serviceWorker
    .getRegistration()
    .then((registration) => registration?.pushManager.getSubscription())
    .then((subscription) => subscription?.unsubscribe());
  await Promise.race([ended, new Promise((resolve) => window.setTimeout(resolve, PATIENCE_MS))]);
}
