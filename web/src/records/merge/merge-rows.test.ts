import { describe, expect, it } from 'vitest';
import type { Field, FieldKind, ObjectType, RecordItem, Values } from '@/api/types';
import { fullest, mergeRows, standing } from './merge-rows';

const field = (name: string, kind: FieldKind = 'text', more: Partial<Field> = {}): Field =>
  ({ name, kind, group: 'main', is_read_only: false, access: 'write', settings: {}, ...more }) as Field;
const type = {
  fields: [field('name', 'text', { is_read_only: true }), field('kind'), field('remark'), field('city'), field('channels', 'channels')],
} as unknown as ObjectType;
const record = (id: number, values: Values): RecordItem => ({ id, values }) as RecordItem;

describe('mergeRows', () => {
  it('puts what differs first and leaves out what nobody fills', () => {
    const rows = mergeRows(type, [record(1, { name: 'a', kind: 'person', remark: 'x' }), record(2, { name: 'b', kind: 'person', remark: 'y' })]);
    expect(rows.map(({ field: { name }, isConflict, differs }) => [name, isConflict, differs])).toEqual([
      ['remark', true, true],
      ['kind', false, false],
    ]);
  });

  it('tells what is filled in and what can stand together from what collides', () => {
    const phone = (value: string) => ({ kind: 'phone', value }) as never;
    const rows = mergeRows(type, [record(1, { channels: [phone('1')] }), record(2, { channels: [phone('2')], city: 'Київ' })]);
    expect(rows.map(({ field: { name }, isConflict, isMany, differs }) => [name, isConflict, isMany, differs])).toEqual([
      ['city', false, false, true],
      ['channels', false, true, true],
    ]);
  });
});

describe('fullest', () => {
  it('takes the record that says most, the older of equals', () => {
    expect(fullest(type, [record(3, { city: 'a' }), record(2, { city: 'a', remark: 'b' }), record(1, {})])?.id).toBe(2);
    expect(fullest(type, [record(3, { city: 'a' }), record(2, { city: 'b' })])?.id).toBe(2);
    expect(fullest(type, [])).toBeUndefined();
  });

  it('lets that one stay which only an administrator may give away', () => {
    const link = field('employee_user', 'reference', { access: 'read', settings: { is_unique: true } as Field['settings'] });
    const records = [record(1, { city: 'a', remark: 'b' }), record(2, { employee_user: { id: 7, title: 'Анна', type: 'user' } })];
    expect(fullest({ ...type, fields: [...type.fields, link] }, records)?.id).toBe(2);
    expect(fullest({ ...type, fields: [...type.fields, { ...link, access: 'write' }] }, records)?.id).toBe(1);
  });
});

describe('standing', () => {
  it('follows the choice, then the server', () => {
    const planned = [{ field: 'city', from: 2, is_united: false, is_conflict: true }];
    expect(standing('city', { city: 1 }, planned)).toBe(1);
    expect(standing('city', {}, planned)).toBe(2);
    expect(standing('remark', {}, planned)).toBeNull();
  });
});
