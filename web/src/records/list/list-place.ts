/** Where each list was left, by its address: coming back from a card shows the rows one left. */
import type { ListSearch } from './list-search';

export interface ListPlace {
  /** Pixels scrolled. */
  offset: number;
  /** The record that had the cursor, or that was looked at last. */
  id: number | null;
}

const KEPT = 50;
const places = new Map<string, ListPlace>();

function keyOf(typeName: string, search: ListSearch): string {
  const { section, filter, sort, q, look } = search;
  return JSON.stringify([typeName, section, filter, sort, q, look]);
}

export function rememberPlace(typeName: string, search: ListSearch, place: Partial<ListPlace>): void {
  const key = keyOf(typeName, search);
  const next = { offset: 0, id: null, ...places.get(key), ...place };
  places.delete(key);
  places.set(key, next);
  for (const oldest of places.keys()) {
    if (places.size <= KEPT) break;
    places.delete(oldest);
  }
}

export function placeOf(typeName: string, search: ListSearch): ListPlace {
  return places.get(keyOf(typeName, search)) ?? { offset: 0, id: null };
}
