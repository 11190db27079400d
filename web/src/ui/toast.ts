/** The messages at the bottom right, oldest first. */
export interface ToastMessage {
  id: number;
  text: string;
  tone: 'normal' | 'error';
  action: ToastAction | null;
}

export interface ToastAction {
  label: string;
  /** The operation that the button takes back: once it is undone elsewhere, the offer goes. */
  undoes?: number;
  onPress: () => void;
}

type Listener = () => void;

/** Above this the oldest goes: a column of messages is not read any more. */
const KEPT = 3;

let current: readonly ToastMessage[] = [];
let lastId = 0;
const listeners = new Set<Listener>();

function publish(messages: readonly ToastMessage[]): void {
  current = messages;
  for (const listener of listeners) listener();
}

export interface ToastOptions {
  tone?: ToastMessage['tone'];
  action?: ToastMessage['action'];
}

/** A new message takes the place of those that only tell; one that offers something (Undo, a file) stays for its time, whatever ends beside it. */
export function showToast(text: string, options: ToastOptions = {}): void {
  lastId += 1;
  const message: ToastMessage = { id: lastId, text, tone: options.tone ?? 'normal', action: options.action ?? null };
  publish([...current.filter((other) => other.action !== null), message].slice(-KEPT));
}

export function hideToast(id: number): void {
  publish(current.filter((message) => message.id !== id));
}

/** What offers to take back an operation that is undone by now. */
export function hideToastsOf(operationId: number): void {
  publish(current.filter((message) => message.action?.undoes !== operationId));
}

export const toastStore = {
  subscribe(listener: Listener): () => void {
    listeners.add(listener);
    return () => listeners.delete(listener);
  },
  read: (): readonly ToastMessage[] => current,
};
