import { expect, it } from 'vitest';
import type { Field } from '@/api/types';
import { hoverFields } from './hover-fields';

const field = (name: string, more: Partial<Field> = {}): Field => ({ name, shown_if: null, is_retired: false, ...more }) as unknown as Field;
const type = { title_field: 'name', fields: [field('name'), field('position', { shown_if: 'kind = person' }), field('channels'), field('parent'), field('remark')] };
const values = { kind: 'person', name: 'Шевчук', position: 'директор', channels: [{ kind: 'phone', label: null, value: '+380' }], remark: 'VIP' };

const names = (chosen: string[], record = values): string[] => hoverFields(type, chosen, record).map(({ name }) => name);

it('the pop-up shows the chosen fields in their order, else the usual ones, and nothing empty', () => {
  expect(names([])).toEqual(['channels', 'position']);
  expect(names(['remark', 'channels', 'gone', 'name', 'parent'])).toEqual(['remark', 'channels']);
  expect(names([], { ...values, kind: 'company' })).toEqual(['channels']);
});
