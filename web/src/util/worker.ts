/** The service worker, where the browser has one for this page. */
export function tellWorker(message: { type: 'forget' }): void {
  if ('serviceWorker' in navigator) navigator.serviceWorker.controller?.postMessage(message);
}
