import { describe, expect, it } from 'vitest';
import type { ChoiceOption, Field, ObjectType } from '@/api/types';
import { scrollStep } from './board-drag';
import { aboveOf, boardField, responsibleField, sinceField, staleDays, sumFields } from './board-fields';
import { readFolded } from './folded-columns';

function field(name: string, kind: string, settings: object = {}, more: object = {}): Field {
  return { name, kind, settings, access: 'write', is_read_only: false, is_retired: false, group: 'details', ...more } as unknown as Field;
}

const options = (...keys: string[]): ChoiceOption[] => keys.map((key) => ({ key, labels: {} }));

const DEAL = {
  fields: [
    field('source', 'choice', { options: options('call') }),
    field('pipeline', 'choice', { options: options('sales', 'service').map((option) => ({ ...option, color: 'red' })) }),
    field('stage', 'choice', { options: options('new', 'won'), meanings: ['open', 'won'], within: 'pipeline' }),
    field('stage_since', 'date_time'),
    field('budget', 'money'),
    field('author', 'reference', { target: 'user' }, { group: 'system' }),
    field('own_user', 'reference', { target: 'user', is_unique: true }),
    field('watchers', 'reference_set', { target: 'user' }),
    field('responsible', 'reference', { target: 'user' }),
    field('old', 'choice', { options: [] }, { is_retired: true }),
  ],
} as unknown as ObjectType;

describe('what a board is made of', () => {
  it('is the field that tells where work stands, unless another is asked for', () => {
    expect(boardField(DEAL, undefined)?.name).toBe('stage');
    expect(boardField(DEAL, 'source')?.name).toBe('source');
    expect(boardField(DEAL, 'old')?.name).toBe('stage');
    expect(boardField({ fields: [field('name', 'text')] }, undefined)).toBeUndefined();
  });

  it('is one pipeline at a time', () => {
    const stage = boardField(DEAL, 'stage');
    if (stage === undefined) throw new Error('no stage');
    expect(aboveOf(DEAL, stage, undefined)?.current.key).toBe('sales');
    expect(aboveOf(DEAL, stage, 'service')?.current.key).toBe('service');
    expect(aboveOf(DEAL, stage, 'gone')?.current.key).toBe('sales');
    const source = boardField(DEAL, 'source');
    expect(source && aboveOf(DEAL, source, undefined)).toBeNull();
  });

  it('shows who answers for a record, and adds up money', () => {
    expect(responsibleField(DEAL)?.name).toBe('responsible');
    expect(sumFields(DEAL).map(({ name }) => name)).toEqual(['budget']);
  });

  it('tells a card that stands too long', () => {
    const stage = boardField(DEAL, 'stage');
    const since = stage && sinceField(DEAL, stage);
    const now = Date.parse('2026-11-23T12:00:00Z');
    const deal = { values: { stage_since: '2026-11-13T13:00:00Z' } };
    expect(staleDays(deal, since, { key: 'new', labels: {}, max_days: 8 }, now)).toBe(9);
    expect(staleDays(deal, since, { key: 'new', labels: {}, max_days: 9 }, now)).toBeNull();
    expect(staleDays(deal, since, { key: 'new', labels: {} }, now)).toBeNull();
    expect(staleDays({ values: {} }, since, { key: 'new', labels: {}, max_days: 1 }, now)).toBeNull();
    expect(staleDays(deal, undefined, { key: 'new', labels: {}, max_days: 1 }, now)).toBeNull();
  });
});

describe('folded columns', () => {
  it('are read as far as they make sense', () => {
    expect(readFolded('{"deal/3/stage":["lost",7,""],"x":4}')).toEqual({ 'deal/3/stage': ['lost', ''] });
    expect(readFolded('[1]')).toEqual({});
    expect(readFolded('no json')).toEqual({});
    expect(readFolded(null)).toEqual({});
  });
});

describe('a card near the edge', () => {
  it('scrolls the board the faster the nearer it is', () => {
    expect(scrollStep(500, 0, 1000)).toBe(0);
    expect(scrollStep(10, 0, 1000)).toBeLessThan(scrollStep(60, 0, 1000));
    expect(scrollStep(995, 0, 1000)).toBeGreaterThan(0);
    expect(scrollStep(1200, 0, 1000)).toBe(0);
  });
});
