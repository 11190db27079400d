import { describe, expect, it } from 'vitest';
import type { ImportColumn, ObjectType } from '@/api/types';
import { contestedColumns, fieldNameOf, targetOptions } from './target-options';

const type = {
  fields: [
    { name: 'last_name', kind: 'text', labels: { en: 'Last name' }, settings: {} },
    { name: 'channels', kind: 'channels', labels: { en: 'Channels' }, settings: { kinds: [{ key: 'phone', labels: { en: 'Phone' }, is_unique: true }] } },
    { name: 'addresses', kind: 'addresses', labels: { en: 'Addresses' }, settings: {} },
  ],
} as unknown as ObjectType;

function column(index: number, target: string | null): ImportColumn {
  return { index, header: '', samples: [], target, is_sure: true };
}

describe('targets of columns', () => {
  it.each([
    ['last_name', 'last_name'],
    ['channels.phone.mobile', 'channels'],
    ['addresses:label', 'addresses'],
    ['description:line', 'description'],
  ])('%s fills %s', (target, field) => expect(fieldNameOf(target)).toBe(field));

  it('stand together by kind of channel, else by the group of the field', () => {
    const options = targetOptions(
      [
        { key: 'last_name', labels: { en: 'Last name' }, group: 'name' },
        { key: 'channels.phone.work', labels: { en: 'Phone: work' }, group: 'contact' },
        { key: 'addresses.city', labels: { en: 'Addresses: city' }, group: 'contact' },
        { key: 'x9', labels: { ru: 'Обувь' }, group: null },
      ],
      type,
      'en',
      (group) => `(${group})`,
    );
    expect(options.map(({ label, group }) => [label, group])).toEqual([
      ['Last name', '(name)'],
      ['Phone: work', 'Phone'],
      ['Addresses: city', 'Addresses'],
      ['Обувь', '(details)'],
    ]);
  });

  it('two columns may fill the phones, not the last name', () => {
    const columns = [column(0, 'last_name'), column(1, 'channels.phone'), column(2, 'channels.phone'), column(3, 'last_name'), column(4, null)];
    expect([...contestedColumns(columns, type)]).toEqual([3]);
  });
});
