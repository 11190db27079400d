import { expect, it } from 'vitest';
import type { Channel, Field, ObjectType, Values } from '@/api/types';
import { tileContent, tilePlaces } from './tile-content';
import { tileFieldNames } from './tile-names';

const field = (name: string, more: Partial<Field> = {}): Field => ({ name, kind: 'text', shown_if: null, is_retired: false, ...more }) as unknown as Field;
const fields = [
  field('name'),
  field('kind', { kind: 'choice' }),
  field('position', { shown_if: 'kind = "person"' }),
  field('channels', { kind: 'channels' }),
  field('parent', { kind: 'reference' }),
  field('remark'),
  field('discount', { shown_if: 'is_partner = true or kind = "company"' }),
  field('is_partner', { kind: 'checkbox' }),
  field('gone', { is_retired: true }),
];
const typeWith = (hover: string[]): ObjectType => ({ title_field: 'name', fields, layout: { hover } }) as unknown as ObjectType;
const channel = (kind: string, value: string, more: Partial<Channel> = {}): Channel => ({ kind, label: null, value, ...more });
const shown = (values: Values, hover: string[] = []): string[] => {
  const { lines, channels, hidden } = tileContent(typeWith(hover), { values }, 3);
  return [...lines.map(({ name }) => name), ...channels.map((entry) => entry.channel.value), `+${hidden.length}`];
};

it('tiles ask for the main fields and for those that decide whether they show', () => {
  expect(tileFieldNames(typeWith([]))).toEqual(['name', 'kind', 'position', 'channels', 'parent']);
  expect(tileFieldNames(typeWith(['discount', 'gone', 'remark']))).toEqual(['name', 'kind', 'remark', 'discount', 'is_partner']);
});

it('a tile shows the main fields that are filled in', () => {
  const values = { kind: 'person', position: 'директор', remark: 'VIP', channels: [channel('phone', '1')] };
  expect(shown(values)).toEqual(['position', '1', '+0']);
  expect(shown({ ...values, kind: 'company' })).toEqual(['1', '+0']);
  expect(shown(values, ['remark', 'position'])).toEqual(['remark', 'position', '+0']);
});

it('phones come before e-mails, and no kind takes all the room', () => {
  const phones = [channel('phone', '1'), channel('phone', '2', { is_primary: true }), channel('phone', '3')];
  expect(shown({ channels: [channel('website', 'w'), channel('email', 'a'), channel('phone', '1')] })).toEqual(['1', 'a', 'w', '+0']);
  expect(shown({ channels: [...phones, channel('email', 'a'), channel('telegram', 't')] })).toEqual(['2', '1', 'a', '+2']);
});

it('all tiles of a type have the same places', () => {
  expect(tilePlaces(typeWith([]), 3)).toEqual({ lines: 2, channels: 3 });
  expect(tilePlaces(typeWith(['remark', 'gone', 'nothing']), 3)).toEqual({ lines: 1, channels: 0 });
  expect(tilePlaces(typeWith(['position', 'parent', 'remark', 'discount']), 3)).toEqual({ lines: 3, channels: 0 });
});
