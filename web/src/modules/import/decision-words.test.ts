import { describe, expect, it } from 'vitest';
import type { ObjectType } from '@/api/types';
import { rowTitle, sharedChannel } from './decision-words';

const type = {
  fields: [
    { name: 'last_name', kind: 'text', settings: {} },
    { name: 'channels', kind: 'channels', settings: { kinds: [{ key: 'phone', labels: { en: 'Phone', ru: 'Телефон', uk: 'Телефон' } }] } },
  ],
} as unknown as ObjectType;

describe('a row that resembles a card', () => {
  it('says who it is', () => {
    expect(rowTitle({ params: { title: 'Шевчук Ольга' } })).toBe('Шевчук Ольга');
    expect(rowTitle({})).toBe('');
  });

  it('names the channel that somebody else has too', () => {
    const value = '+380 67 600 00 00';
    expect(sharedChannel({ params: { channel: 'phone' }, value }, type, 'ru')).toBe(`Телефон ${value}`);
    expect(sharedChannel({ params: { channel: 'gone' }, value }, type, 'ru')).toBe(value);
    expect(sharedChannel({ value: null }, undefined, 'ru')).toBe('');
  });
});
