/** Whether the server can be reached, judged by the last request. */
export interface ConnectionState {
  isReachable: boolean;
  /** Since when the oldest of what is shown stands, where the browser had it from before. */
  keptAt: string | null;
}

type Listener = () => void;

const REACHABLE: ConnectionState = { isReachable: true, keptAt: null };
let state = REACHABLE;
const listeners = new Set<Listener>();

function publish(next: ConnectionState): void {
  if (next.isReachable === state.isReachable && next.keptAt === state.keptAt) return;
  state = next;
  for (const listener of listeners) listener();
}

export function reportReachable(isReachable: boolean): void {
  publish(isReachable ? REACHABLE : { isReachable: false, keptAt: state.keptAt });
}

/** An answer came from what the browser keeps. */
export function reportKept(at: string): void {
  publish({ isReachable: false, keptAt: state.keptAt !== null && state.keptAt < at ? state.keptAt : at });
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
  read: (): ConnectionState => state,
};
