import { describe, expect, it } from 'vitest';
import type { RecordItem } from '@/api/types';
import { knownParts, knownPartsFilter } from './known-parts';

const records = ['Київ', 'Кінбурн', 'київ', 'Львів', 'Київ', null].map((city) => ({ values: { addresses: [{ city, region: null }] } })) as unknown as RecordItem[];

describe('parts of addresses to choose from', () => {
  it('are asked for by their beginning', () => {
    expect(knownPartsFilter('addresses', 'city', 'Ки"')).toBe('addresses.city starts with "Ки\\""');
    expect(knownPartsFilter('addresses', 'city', '')).toBe('addresses.city is not empty');
  });

  it('come once, the most frequent first', () => {
    expect(knownParts(records, 'addresses', 'city', 'ки')).toEqual(['Київ', 'київ']);
    expect(knownParts(records, 'addresses', 'city', '')[0]).toBe('Київ');
    expect(knownParts(records, 'addresses', 'region', '')).toEqual([]);
  });
});
