import { expect, it } from 'vitest';
import type { Field, FieldKind, ObjectType } from '@/api/types';
import { isEmptyValue } from '@/fields/values';
import { FIELD_KINDS } from '@/fields/registry';
import { sampleRecord, type SampleWords } from './sample-record';

const words: SampleWords = {
  text: () => 'текст',
  person: 'Шевчук',
  user: 'Олена',
  company: 'ТОВ',
  word: 'VIP',
  file: 'a.pdf',
  city: 'Київ',
  street: 'вул. Зелена',
  country: 'UA',
  currency: 'UAH',
};

const kinds = Object.keys(FIELD_KINDS) as FieldKind[];
const fields = kinds.map((kind) => ({ name: kind, kind, settings: { options: [{ key: 'a', labels: {} }], target: 'user' } }) as unknown as Field);
const type = { name: 'contact', title_field: 'name', fields } as unknown as ObjectType;

it('an example has something in every field that can be shown, and what was given', () => {
  const { title, values } = sampleRecord(type, { kind: 'company' }, 'ТОВ', words);
  expect(kinds.filter((kind) => isEmptyValue(values[kind]))).toEqual(['filter']);
  expect([title, values.kind, values.name]).toEqual(['ТОВ', 'company', 'ТОВ']);
});
