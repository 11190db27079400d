/** The one message at the bottom left. A new one takes the place of the old. */
export interface ToastMessage {
  id: number;
  text: string;
  tone: 'normal' | 'error';
  action: { label: string; onPress: () => void } | null;
}

type Listener = () => void;

let current: ToastMessage | null = null;
let lastId = 0;
const listeners = new Set<Listener>();

function publish(message: ToastMessage | null): void {
  current = message;
  for (const listener of listeners) listener();
}

export interface ToastOptions {
  tone?: ToastMessage['tone'];
  action?: ToastMessage['action'];
}

export function showToast(text: string, options: ToastOptions = {}): void {
  lastId += 1;
  publish({ id: lastId, text, tone: options.tone ?? 'normal', action: options.action ?? null });
}

export function hideToast(): void {
  publish(null);
}

export const toastStore = {
  subscribe(listener: Listener): () => void {
    listeners.add(listener);
    return () => listeners.delete(listener);
  },
  read: (): ToastMessage | null => current,
};
