import { describe, expect, it } from 'vitest';
import type { Field, ObjectType } from '@/api/types';
import { isMadeByTitle, isNewTitle } from './create-by-title';

function field(name: string, more: Partial<Field> = {}): Field {
  return { name, kind: 'text', access: 'write', is_read_only: false, is_required: false, is_retired: false, default: null, ...more } as Field;
}

function type(fields: Field[], create = true): ObjectType {
  return { name: 'x', title_field: 'name', permissions: { create, export: false }, fields } as unknown as ObjectType;
}

const NAME = field('name', { is_required: true });

describe('a record made by its title', () => {
  const tag = [NAME, field('color', { kind: 'choice' })];
  const group = [NAME, field('kind', { kind: 'choice', is_required: true, default: 'manual' })];
  it.each<[string, ObjectType, string | null, boolean]>([
    ['a tag', type(tag), null, true],
    ['a tag, by who may not create', type(tag, false), null, false],
    ['a group by hand', type(group), 'kind = manual', true],
    ['a group of another kind', type(group), 'kind = smart', false],
    ['what has a rich filter', type(group), 'kind = manual or parent is empty', false],
    ['what needs more', type([NAME, field('login', { is_required: true })]), null, false],
    ['what has a derived title', type([field('name', { is_read_only: true })]), null, false],
  ])('%s', (_name, target, filter, expected) => expect(isMadeByTitle(target, filter)).toBe(expected));
});

describe('a title', () => {
  it.each([
    ['VIP', ['vip '], false],
    ['Постоянный  клиент', ['постоянный клиент'], false],
    ['VIP', ['VIP 2'], true],
    ['  ', [], false],
  ] as const)('%s beside %j is new: %s', (title, found, expected) =>
    expect(isNewTitle(title, found.map((one) => ({ title: one })))).toBe(expected),
  );
});
