/** The browser's offer to install the program, for whoever asks for it in the menu. It comes once, early, and only where that can be done. */
interface InstallPrompt extends Event {
  prompt: () => Promise<unknown>;
}

type Listener = () => void;

let offer: InstallPrompt | null = null;
const listeners = new Set<Listener>();

function put(next: InstallPrompt | null): void {
  offer = next;
  for (const listener of listeners) listener();
}

export function followInstallPrompt(): void {
  window.addEventListener('beforeinstallprompt', (event) => {
    // The browser's own bar would come by itself, over whatever somebody is doing.
    event.preventDefault();
    put(event as InstallPrompt);
  });
  window.addEventListener('appinstalled', () => put(null));
}

export const installPrompt = {
  subscribe(listener: Listener): () => void {
    listeners.add(listener);
    return () => listeners.delete(listener);
  },
  canInstall: (): boolean => offer !== null,
  /** An offer is good for one question. */
  install(): void {
    void offer?.prompt();
    put(null);
  },
};
