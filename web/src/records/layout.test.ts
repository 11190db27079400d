import { describe, expect, it } from 'vitest';
import type { Field, LayoutBlock, ObjectType } from '@/api/types';
import { blocksOf, fieldsInBlocks, fieldsToChoose } from './layout';

const field = (name: string): Field => ({ name }) as unknown as Field;
const fields = ['kind', 'phone', 'source', 'warmth'].map(field);

const blocks: LayoutBlock[] = [
  { key: 'contact', fields: ['phone'] },
  { key: 'sales', labels: { ru: 'Продажи' }, shown_if: 'kind in ("company")', fields: ['warmth', 'source', 'gone'] },
  { key: 'empty', fields: [] },
  { key: 'name', fields: ['kind'] },
];

const shape = (values: Record<string, string>): string =>
  blocksOf(blocks, fields, values)
    .map(({ block, fields: own }) => `${block.key}: ${own.map(({ name }) => name).join(' ')}`)
    .join('; ');

describe('the blocks of a card', () => {
  it('stand in the order of the arrangement, and so do their fields; unknown fields and empty blocks are left out', () =>
    expect(shape({ kind: 'company' })).toBe('contact: phone; sales: warmth source; name: kind'));

  it('show by their conditions', () => expect(shape({ kind: 'person' })).toBe('contact: phone; name: kind'));

  it('keep what must be filled in, even hidden', () =>
    expect(blocksOf(blocks, fields, { kind: 'person' }, ({ name }) => name === 'warmth').map(({ block }) => block.key)).toEqual(['contact', 'sales', 'name']));

  it('hide their fields with them', () =>
    expect(fieldsInBlocks(blocksOf(blocks, fields, { kind: 'person' })).map(({ name }) => name)).toEqual(['phone', 'kind']));
});

it('offers fields in the blocks of the card whatever they ask, then the others, then those of the program', () => {
  const system = ['id', 'created_at'].map((name) => ({ ...field(name), group: 'system' }) as Field);
  const type = { fields: [...system, field('hidden'), ...fields], layout: { blocks } } as unknown as ObjectType;
  const offered = fieldsToChoose(type, ({ name }) => name !== 'phone').map(({ block, fields: own }) => `${block.key}: ${own.map(({ name }) => name).join(' ')}`);
  expect(offered).toEqual(['sales: warmth source', 'name: kind', 'other: hidden', 'system: id created_at']);
});
