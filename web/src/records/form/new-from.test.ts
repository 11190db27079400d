import { describe, expect, it } from 'vitest';
import type { Field, ObjectType, RecordItem, Section } from '@/api/types';
import { mayBeNamed, newFrom } from './new-from';

const option = (key: string) => ({ key, labels: { en: key } });
const section = (key: string, filter: string) => ({ key, filter, labels: { en: key }, icon: 'user' }) as unknown as Section;
const parent = { name: 'parent', kind: 'reference', access: 'write', settings: { target: 'contact', target_filter: 'kind = company', is_hierarchy: true } } as unknown as Field;
const type = {
  name: 'contact',
  permissions: { create: true },
  fields: [{ name: 'kind', kind: 'choice', settings: { options: [option('person'), option('company')] } }, parent],
  sections: [section('clients', 'kind = person'), section('companies', 'kind = company'), section('employees', 'kind = person and contact_type = employee')],
} as unknown as ObjectType;
const open = (kind: string, can_edit = true) => ({ id: 7, can_edit, deleted_at: null, values: { kind } }) as unknown as RecordItem;

function links(record: RecordItem, of: ObjectType = type): string[] {
  return newFrom(of, record).map((one) => `${one.section.key} ${one.kind.en ?? ''} ${one.belongs ?? '-'} ${one.namedBy ?? '-'}`);
}

describe('what is made from an open card', () => {
  it('from a company, a person of it', () => expect(links(open('company'))).toEqual(['clients person parent:7 -', 'companies company - -']));

  it('from a person, the company that he is of', () => expect(links(open('person'))).toEqual(['clients person - -', 'companies company - parent:7']));

  it('leaves a card alone that may not be changed', () => expect(links(open('person', false))).toEqual(['clients person - -', 'companies company - -']));

  it('is nothing without the right', () => expect(links(open('person'), { ...type, permissions: { ...type.permissions, create: false } })).toEqual([]));

  it('is named only where it fits', () => {
    expect(mayBeNamed(parent, type.sections[1])).toBe(true);
    expect(mayBeNamed(parent, type.sections[0])).toBe(false);
  });
});
