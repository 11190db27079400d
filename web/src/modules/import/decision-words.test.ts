import { describe, expect, it } from 'vitest';
import type { ImportItem, ObjectType, RecordItem } from '@/api/types';
import { rowTitle, sharedChannel } from './decision-words';

const type = {
  title_field: 'name',
  fields: [
    { name: 'last_name', kind: 'text', group: 'name' },
    { name: 'first_name', kind: 'text', group: 'name' },
    { name: 'channels', kind: 'channels', group: 'contact' },
  ],
} as unknown as ObjectType;

const item = { preview: [{ row: 2, values: { last_name: 'Шевчук', first_name: 'Тарас' }, problems: [] }] } as unknown as ImportItem;
const card = { values: { channels: [{ kind: 'phone', value: '+380676000000', display: '+380 67 600 00 00' }] } } as unknown as RecordItem;
const match = { id: 7, title: 'Рішенко', on: ['phone'] };

describe('a row that resembles a card', () => {
  it('has its name while the file is previewed', () => {
    expect(rowTitle({ row: 2 }, item, type)).toBe('Шевчук Тарас');
    expect(rowTitle({ row: 3 }, item, type)).toBe('');
    expect(rowTitle({ row: 2 }, item, undefined)).toBe('');
  });

  it('names the shared channel only if the card has it', () => {
    expect(sharedChannel({ value: '+380 67 600 00 00', match }, card, type)).toBe('+380 67 600 00 00');
    expect(sharedChannel({ value: '+380 67 600 00 01', match }, card, type)).toBeNull();
    expect(sharedChannel({ value: '+380 67 600 00 00', match }, undefined, type)).toBeNull();
    expect(sharedChannel({ value: '+380 67 600 00 00', match: null }, card, type)).toBeNull();
  });
});
