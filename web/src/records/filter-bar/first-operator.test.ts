import { describe, expect, it } from 'vitest';
import type { Field } from '@/api/types';
import { firstOperator, operatorsOf } from './first-operator';

const ORDERED = ['=', '!=', '<', '<=', '>', '>=', 'between', 'in', 'not in', 'is empty', 'is not empty'];
const TEXT = ['=', '!=', 'in', 'not in', 'between', 'contains', 'starts with', 'is empty'];

function field(kind: Field['kind'], operators: string[]): Field {
  return { name: 'x', kind, operators: operators as Field['operators'], settings: {} } as unknown as Field;
}

describe('a new condition', () => {
  it.each([
    ['choice', ['=', 'in'], 'in'],
    ['reference', ['=', 'in'], 'in'],
    ['choice_set', ['has', 'has all'], 'has'],
    ['text', TEXT, 'contains'],
    ['channels', TEXT, 'contains'],
    ['number', ORDERED, '>='],
    ['money', ORDERED, '>='],
    ['date', ORDERED, '>='],
    ['date_time', ORDERED, '>='],
    ['file', ['is empty', 'is not empty'], 'is_not_empty'],
  ] as const)('of %s', (kind, operators, expected) => expect(firstOperator(field(kind, [...operators]), null)).toBe(expected));

  it('takes what the catalog offers', () => expect(firstOperator(field('text', ['=', 'in']), null)).toBe('='));

  it('of a country lets choose one, of a city several, of a street lets type', () => {
    expect(firstOperator(field('addresses', TEXT), 'country')).toBe('=');
    expect(firstOperator(field('addresses', TEXT), 'city')).toBe('in');
    expect(firstOperator(field('addresses', TEXT), 'street')).toBe('contains');
  });

  it('of a set asks what is in it and what is not', () => {
    const set = field('reference_set', ['=', '!=', 'in', 'not_in', 'has', 'has_all', 'is_empty', 'is_not_empty']);
    expect(operatorsOf(set)).toEqual(['has', 'has_not', 'has_all', 'is_empty', 'is_not_empty']);
    expect(operatorsOf(field('choice', ['=', 'in']))).toEqual(['=', 'in']);
  });
});
