/** Whether the server can be reached, judged by the last request. */
type Listener = () => void;

let isReachable = true;
const listeners = new Set<Listener>();

export function reportReachable(next: boolean): void {
  if (next === isReachable) return;
  isReachable = next;
  for (const listener of listeners) listener();
}

export const connectionStore = {
  subscribe(listener: Listener): () => void {
    listeners.add(listener);
    const goOffline = (): void => reportReachable(false);
    const goOnline = (): void => reportReachable(true);
    window.addEventListener('offline', goOffline);
    window.addEventListener('online', goOnline);
    return () => {
      listeners.delete(listener);
      window.removeEventListener('offline', goOffline);
      window.removeEventListener('online', goOnline);
    };
  },
  read: (): boolean => isReachable,
};
