import { describe, expect, it } from 'vitest';
import type { Field } from '@/api/types';
import { insteadOf, isMet } from './conditions';
import { isSameValue, toWrite } from './editing/same-value';

describe('conditions over a form', () => {
  it.each([
    ['kind = person', { kind: 'person' }, true],
    ['kind = person', { kind: 'company' }, false],
    ['kind = person', {}, false],
    ['kind != company', {}, true],
    ['kind in (person, company) and parent is not empty', { kind: 'person', parent: { id: 1, title: 'X', type: 'contact' } }, true],
    ['parent is empty', { parent: null }, true],
    ['tags has vip', { tags: ['vip', 'new'] }, true],
    [null, {}, true],
    ['', {}, true],
    ['groups has (5)', { groups: [{ id: 5, title: 'VIP', type: 'group' }] }, true],
    ['groups has (5)', { groups: [{ id: 6, title: 'Опт', type: 'group' }] }, false],
    ['channels.email is not empty', { channels: [{ kind: 'phone', label: null, value: '+380' }] }, false],
    ['addresses.city in ("Київ")', { addresses: [{ label: null, city: 'Київ' }] }, true],
    ['(kind = person and last_name is empty) or (warmth = hot)', { kind: 'person', last_name: 'Шевчук' }, false],
    ['(kind = person and last_name is empty) or (warmth = hot)', { kind: 'company', warmth: 'hot' }, true],
    ['(kind = person) and (warmth = "hot")', { kind: 'person', warmth: 'cold' }, false],
  ])('%s over %j is %s', (condition, values, expected) => {
    expect(isMet(condition, values)).toBe(expected);
  });
});

describe('values to write', () => {
  const company = { id: 7, title: 'ТОВ «Карпати Буд»', type: 'contact' };

  it('writes references by id and drops channels that were never filled in', () => {
    expect(toWrite(company)).toBe(7);
    expect(toWrite([company])).toEqual([7]);
    expect(toWrite([{ kind: 'phone', label: null, value: '' }, { kind: 'email', label: null, value: 'a@b.c' }])).toEqual([
      { kind: 'email', label: null, value: 'a@b.c' },
    ]);
    expect(toWrite(undefined)).toBeNull();
  });

  it('sees that nothing changed', () => {
    expect(isSameValue(undefined, null)).toBe(true);
    expect(isSameValue('', null)).toBe(true);
    expect(isSameValue([], null)).toBe(true);
    expect(isSameValue(company, toWrite({ ...company, title: 'другое' }))).toBe(true);
    expect(isSameValue(company, 8)).toBe(false);
    expect(isSameValue(company, { ...company, title: 'другое' })).toBe(true);
    expect(isSameValue(0, null)).toBe(false);
  });
});

describe('fields of which one is enough', () => {
  const field = (required_if: string | null, is_required = false): Field => ({ required_if, is_required }) as unknown as Field;

  it('are named by the condition', () => expect(insteadOf(field('kind = person and first_name is empty'))).toEqual(['first_name']));

  it('are none where there is nothing to choose', () => {
    expect(insteadOf(field('kind = company'))).toEqual([]);
    expect(insteadOf(field(null))).toEqual([]);
    expect(insteadOf(field('first_name is empty', true))).toEqual([]);
  });
});
