import { describe, expect, it } from 'vitest';
import type { ImportColumn, ObjectType } from '@/api/types';
import { contestedColumns, fieldNameOf, targetOptions, type TargetWords } from './target-options';

const type = {
  fields: [
    { name: 'last_name', kind: 'text', labels: { en: 'Last name' }, settings: {} },
    {
      name: 'channels',
      kind: 'channels',
      labels: { en: 'Channels' },
      settings: {
        kinds: [{ key: 'phone', labels: { en: 'Phone' }, is_unique: true }],
        channel_labels: [{ key: 'mobile', labels: { en: 'Mobile' } }],
      },
    },
    { name: 'addresses', kind: 'addresses', labels: { en: 'Addresses' }, settings: { address_labels: [{ key: 'office', labels: { en: 'Office' } }] } },
  ],
} as unknown as ObjectType;

const words: TargetWords = {
  language: 'en',
  group: (group) => `(${group})`,
  address: 'Address',
  addressPart: (part) => part,
  caption: 'label',
  asExported: 'as exported',
};

function column(index: number, target: string | null, samples = ['x']): ImportColumn {
  return { index, header: '', samples, target, is_sure: true };
}

function target(key: string, group = 'contact') {
  return { key, labels: { en: `of the server: ${key}` }, group };
}

describe('targets of columns', () => {
  it.each([
    ['last_name', 'last_name'],
    ['channels.phone.mobile', 'channels'],
    ['addresses:label', 'addresses'],
    ['description:line', 'description'],
  ])('%s fills %s', (key, field) => expect(fieldNameOf(key)).toBe(field));

  it.each([
    ['channels.phone', 'Phone'],
    ['channels.phone.mobile', 'Phone: mobile'],
    ['channels.phone.2', 'Phone 2'],
    ['channels.phone.1:label', 'Phone 1 — label'],
    ['channels.phone:label', 'Phone — label'],
    ['channels.phone.*', 'Phone — as exported'],
    ['addresses.city', 'Address — city'],
    ['addresses.1.city', 'Address 1 — city'],
    ['addresses.office.city', 'Address: office — city'],
    ['addresses.2:label', 'Address 2 — label'],
    ['addresses:label', 'Address — label'],
    ['addresses.*', 'Address — as exported'],
    ['last_name', 'of the server: last_name'],
  ])('%s reads %s', (key, label) => expect(targetOptions([target(key)], type, words)[0]?.label).toBe(label));

  it('stand together by kind of channel, else by the group of the field, the name first and the system last', () => {
    const options = targetOptions(
      [
        { key: 'id', labels: { en: 'Number' }, group: 'system' },
        { key: 'x9', labels: { ru: 'Обувь' }, group: null },
        target('channels.phone.mobile'),
        target('addresses.city'),
        target('last_name', 'name'),
        target('channels.phone.1:label'),
      ],
      type,
      words,
    );
    expect(options.map(({ value, group }) => [value, group])).toEqual([
      ['last_name', '(name)'],
      ['channels.phone.mobile', 'Phone'],
      ['addresses.city', 'Addresses'],
      ['channels.phone.1:label', 'Phone'],
      ['x9', '(details)'],
      ['id', '(system)'],
    ]);
  });

  it('two columns may fill the phones, not the last name', () => {
    const columns = [column(0, 'last_name'), column(1, 'channels.phone'), column(2, 'channels.phone'), column(3, 'last_name'), column(4, null)];
    expect([...contestedColumns(columns, type)]).toEqual([3]);
  });

  it('an empty column neither takes a field nor misses one', () => {
    const columns = [column(0, 'last_name', []), column(1, 'last_name'), column(2, 'last_name', [' '])];
    expect([...contestedColumns(columns, type)]).toEqual([]);
  });
});
