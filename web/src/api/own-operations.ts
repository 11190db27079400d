/**
 * Operations this page has made itself. Their echo on the event stream must not read a list again:
 * the page shows the change already, and a new order would move the row from under the hand.
 */
const KEPT = 200;
const own: number[] = [];

export function rememberOwnOperation(id: number | null): void {
  if (id === null) return;
  own.push(id);
  if (own.length > KEPT) own.shift();
}

export function isOwnOperation(id: number | null): boolean {
  return id !== null && own.includes(id);
}
