import { describe, expect, it } from 'vitest';
import type { ObjectType, RecordItem } from '@/api/types';
import { secondLine, secondLineFields } from './second-line';

const type = {
  fields: [
    { name: 'channels', kind: 'channels' },
    { name: 'addresses', kind: 'addresses' },
    { name: 'name', kind: 'text' },
  ],
} as unknown as ObjectType;

const record = {
  values: {
    channels: [
      { kind: 'email', value: 'a@example.com', is_primary: false },
      { kind: 'phone', value: '+380671112233', display: '+380 67 111 22 33', is_primary: true },
    ],
    addresses: [{ city: null }, { city: 'Київ' }],
  },
} as unknown as RecordItem;

describe('the second line of a found record', () => {
  it('has the company, the main number and the city', () =>
    expect(secondLine('ТОВ «Явір»', record, type, null)).toBe('ТОВ «Явір» · +380 67 111 22 33 · Київ'));

  it('does not repeat what was matched', () => expect(secondLine(null, record, type, '+380 67 111 22 33')).toBe('Київ'));

  it('is what the search gives until the record has come', () => expect(secondLine('ТОВ «Явір»', undefined, type, null)).toBe('ТОВ «Явір»'));

  it('asks for the fields of its kinds', () => expect(secondLineFields(type)).toBe('channels,addresses'));
});
