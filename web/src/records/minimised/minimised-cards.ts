/** Cards put aside: they stand at the bottom of every page until they are opened again. They live as long as the tab. */
import { useSyncExternalStore } from 'react';
import { readListSearch, type ListSearch } from '../list/list-search';

export interface MinimisedCard {
  type: string;
  id: number;
  /** As it was when it was put aside; the bar asks for the present one. */
  title: string;
  /** A page of its own, else beside its list. */
  isPage: boolean;
  /** The list it was opened from. */
  list: ListSearch;
}

const STORED = 'kartoteka.minimised_cards';
/** More do not fit into the bar; the one put aside first goes. */
export const MOST_MINIMISED = 8;

type CardKey = Pick<MinimisedCard, 'type' | 'id'>;

function isSameCard(a: CardKey, b: CardKey): boolean {
  return a.type === b.type && a.id === b.id;
}

/** The card at the end, once. */
export function withCard(cards: readonly MinimisedCard[], card: MinimisedCard): MinimisedCard[] {
  return [...cards.filter((other) => !isSameCard(other, card)), card].slice(-MOST_MINIMISED);
}

function readCard(value: unknown): MinimisedCard[] {
  if (typeof value !== 'object' || value === null) return [];
  const { type, id, title, isPage, list } = value as Readonly<Record<string, unknown>>;
  if (typeof type !== 'string' || typeof id !== 'number' || typeof title !== 'string') return [];
  const search = typeof list === 'object' && list !== null ? (list as Readonly<Record<string, unknown>>) : {};
  return [{ type, id, title, isPage: isPage === true, list: readListSearch(search) }];
}

/** What the tab has kept; what makes no sense is left out. */
export function readCards(text: string | null): MinimisedCard[] {
  try {
    const stored: unknown = JSON.parse(text ?? '[]');
    return Array.isArray(stored) ? stored.flatMap(readCard).slice(-MOST_MINIMISED) : [];
  } catch {
    return [];
  }
}

let cards: readonly MinimisedCard[] | null = null;
const listeners = new Set<() => void>();

function read(): readonly MinimisedCard[] {
  cards ??= readCards(sessionStorage.getItem(STORED));
  return cards;
}

function write(next: readonly MinimisedCard[]): void {
  cards = next;
  if (next.length === 0) sessionStorage.removeItem(STORED);
  else sessionStorage.setItem(STORED, JSON.stringify(next));
  for (const listener of listeners) listener();
}

export const minimisedCards = {
  subscribe(listener: () => void): () => void {
    listeners.add(listener);
    return () => listeners.delete(listener);
  },
  read,
  add: (card: MinimisedCard) => write(withCard(read(), card)),
  remove: (card: CardKey) => write(read().filter((other) => !isSameCard(other, card))),
  clear: () => write([]),
};

export function useMinimisedCards(): readonly MinimisedCard[] {
  return useSyncExternalStore(minimisedCards.subscribe, minimisedCards.read);
}
