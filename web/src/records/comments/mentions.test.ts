import { describe, expect, it } from 'vitest';
import { begunMention, partsOf, toDraft, toStored, withMention } from './mentions';

const OLENA = { type: 'user' as const, id: 1, name: 'Олена' };
const OLENA_K = { type: 'user' as const, id: 2, name: 'Олена Ковальчук' };

describe('mentions', () => {
  it('are read out of a stored comment', () => {
    expect(partsOf('Дзвони @[Олена Ковальчук](user:2), потім @[Олена](user:1)')).toEqual([
      { kind: 'text', text: 'Дзвони ' },
      { kind: 'mention', type: 'user', id: 2, name: 'Олена Ковальчук' },
      { kind: 'text', text: ', потім ' },
      { kind: 'mention', type: 'user', id: 1, name: 'Олена' },
    ]);
    expect(partsOf('a@b.ua [x](user:1) @[](user:1)')).toEqual([{ kind: 'text', text: 'a@b.ua [x](user:1) @[](user:1)' }]);
    expect(partsOf('')).toEqual([]);
  });

  it('survive being edited', () => {
    for (const stored of ['@[Олена](user:1)', '@[Продажи](team:1) и @[Олена](user:1)', 'a @[Олена Ковальчук](user:2) b @[Олена](user:1).', 'пошта a@b.ua']) {
      expect(toStored(toDraft(stored))).toBe(stored);
    }
  });

  it('are stored while their names stand in the text, the longest name first', () => {
    const store = (text: string): string => toStored({ text, people: [OLENA, OLENA_K] });
    expect(store(' @Олена Ковальчук і @Олена ')).toBe('@[Олена Ковальчук](user:2) і @[Олена](user:1)');
    expect(store('@Оленa')).toBe('@Оленa');
    expect(store('@Оленами')).toBe('@Оленами');
    expect(store('Олена без знака')).toBe('Олена без знака');
  });

  it('begin with an @ at the beginning of a word', () => {
    const check = (text: string, expected: string | null): void => expect(begunMention(text, text.length)).toBe(expected);
    check('@', '');
    check('Дзвони @ол', 'ол');
    check('(@Олена Ков', 'Олена Ков');
    check('a@b', null);
    check('без знака', null);
    check('@один два три чотири', null);
    expect(begunMention('@ол та інше', 3)).toBe('ол');
  });

  it('take the place of what was typed', () => {
    const chosen = withMention({ text: 'Дзвони @ол завтра', people: [] }, 10, 'ол', { type: 'user', id: 2, name: 'Олена [К]' });
    expect(chosen.draft.text).toBe('Дзвони @Олена К завтра');
    expect(chosen.draft.text.slice(0, chosen.caret)).toBe('Дзвони @Олена К ');
    expect(toStored(chosen.draft)).toBe('Дзвони @[Олена К](user:2) завтра');
  });
});
