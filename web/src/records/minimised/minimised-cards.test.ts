import { expect, it } from 'vitest';
import { MOST_MINIMISED, readCards, withCard, type MinimisedCard } from './minimised-cards';

const card = (id: number, more: Partial<MinimisedCard> = {}): MinimisedCard => ({ type: 'contact', id, title: `№ ${id}`, isPage: false, list: {}, ...more });

it('a card put aside again stands once, at the end, as it was last', () => {
  const cards = [1, 2].reduce<MinimisedCard[]>((before, id) => withCard(before, card(id)), []);
  expect(withCard(cards, card(1, { isPage: true }))).toEqual([card(2), card(1, { isPage: true })]);
  expect(withCard(cards, card(1, { type: 'group' }))).toHaveLength(3);
});

it('beyond the most, the oldest goes', () => {
  const cards = Array.from({ length: MOST_MINIMISED + 2 }, (_, index) => card(index + 1)).reduce<MinimisedCard[]>(withCard, []);
  expect(cards.map(({ id }) => id)).toEqual([3, 4, 5, 6, 7, 8, 9, 10]);
});

it('reads what the tab has kept, and nothing that makes no sense', () => {
  const kept = [card(1, { list: { section: 'clients', look: 'tiles' } }), card(2, { isPage: true })];
  expect(readCards(JSON.stringify(kept))).toEqual(kept);
  expect(readCards(null)).toEqual([]);
  expect(readCards('{')).toEqual([]);
  expect(readCards(JSON.stringify([null, 4, { type: 'contact' }, { ...card(3), list: { look: 'cloud', open: 'x' } }]))).toEqual([card(3)]);
});
