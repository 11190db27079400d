/** So long has nothing arrived when a page is taken to have all that it asked for. */
const QUIET_MS = 300;
/** Nobody waits longer, however much still arrives. */
const AT_LAST_MS = 1000;

/**
 * Ends when nothing has arrived from the server for a while, or somebody begins to work: what the page shows is there, and what it may want later may
 * be asked for.
 */
export function whenQuiet(): Promise<void> {
  return new Promise((resolve) => {
    const stop = new AbortController();
    const end = (): void => {
      stop.abort();
      arrivals.disconnect();
      window.clearTimeout(timer);
      window.clearTimeout(last);
      resolve();
    };
    const arrivals = new PerformanceObserver(() => {
      window.clearTimeout(timer);
      timer = window.setTimeout(end, QUIET_MS);
    });
    let timer = window.setTimeout(end, QUIET_MS);
    const last = window.setTimeout(end, AT_LAST_MS);
    arrivals.observe({ type: 'resource' });
    for (const sign of ['pointerdown', 'keydown']) window.addEventListener(sign, end, { signal: stop.signal, passive: true });
  });
}
