import { describe, expect, it } from 'vitest';
import type { BoardSum, BoardTally } from '@/api/boards';
import type { Field, ObjectType } from '@/api/types';
import { filterOfState, referringTo } from './referring';
import { statesOf, tallyQueryOf } from './states';

const field = (name: string, kind: string, target: string) => ({ name, kind, settings: { target }, is_filterable: true, is_retired: false });
const type = (name: string, fields: unknown[], more: object = {}) =>
  ({ name, fields, permissions: { see: true }, is_system: false, ...more }) as unknown as ObjectType;

const contact = type('contact', [field('parent', 'reference', 'contact')]);
const status = { name: 'status', kind: 'choice', is_filterable: true, settings: { meanings: ['open', 'closed'] } };
const task = type('task', [field('responsible', 'reference', 'user'), field('contact', 'reference', 'contact'), field('payer', 'reference', 'contact'), status], { done_by: 'status' });
const event = type('event', [field('participants', 'reference_set', 'contact'), { name: 'is_closed', kind: 'checkbox', settings: {} }], { done_by: 'is_closed' });
const comment = type('comment', [field('record', 'reference', 'contact')], { part_of: ['record'] });
const closed = type('deal', [field('contact', 'reference', 'contact')], { permissions: { see: false } });

describe('what names a record', () => {
  const found = referringTo([contact, task, event, comment, closed], contact);
  it('is of types with a section, each once', () => expect(found.map(({ type: { name }, field: by }) => [name, by.name])).toEqual([['task', 'contact'], ['event', 'participants']]));
  it('is asked for by how far it is, or all', () => {
    const [ofTask, ofEvent] = found;
    expect(filterOfState(ofTask as never, { id: 7, sets: [] }, 'open')).toBe('contact = 7 and status.meaning = open');
    expect(filterOfState(ofTask as never, { id: 7, sets: [] }, null)).toBe('contact = 7');
    expect(filterOfState(ofEvent as never, { id: 7, sets: [] }, 'open')).toBe('participants has 7 and is_closed = false');
  });
});

describe('what names a group', () => {
  const group = type('group', [], { members: { type: 'contact', field: 'groups' } });
  const shared = type('task', [...task.fields, { ...field('contact_group', 'reference', 'group') }], { done_by: 'status' });
  const [found] = referringTo([contact, group, shared], contact);
  it('is for each of its members', () => {
    expect(filterOfState(found as never, { id: 7, sets: [3, 5] }, 'open')).toBe('(contact = 7 or contact_group in (3, 5)) and status.meaning = open');
    expect(filterOfState(found as never, { id: 7, sets: [] }, null)).toBe('contact = 7');
  });
  it('belongs to the group itself', () => expect(referringTo([contact, group, shared], group).map(({ field: by }) => by.name)).toEqual(['contact_group']));
});

describe('how far they are', () => {
  const option = (key: string, meaning: string) => ({ key, meaning, labels: {} });
  const stage = {
    name: 'stage',
    kind: 'choice',
    is_filterable: true,
    settings: { meanings: ['open', 'won', 'lost'], options: [option('first', 'open'), option('second', 'open'), option('paid', 'won'), option('gone', 'lost')] },
  } as unknown as Field;
  const tally = (key: string | null, count: number, sums: BoardSum[] = []): BoardTally => ({ option: key, count: { count, is_capped: false }, sums });
  it('is counted and added up by what the options mean, each currency by itself', () => {
    const tallies = [tally('first', 1, [{ currency: 'UAH', amount: 100 }]), tally('second', 2, [{ currency: 'UAH', amount: 50 }, { currency: 'EUR', amount: 7 }]), tally('paid', 0), tally('gone', 1), tally(null, 4)];
    expect(statesOf(stage, tallies)).toEqual([
      { meaning: 'open', count: 3, isCapped: false, sums: [{ currency: 'UAH', amount: 150 }, { currency: 'EUR', amount: 7 }] },
      { meaning: 'lost', count: 1, isCapped: false, sums: [] },
    ]);
  });
  it('adds up the first amount that is no price', () => {
    const amounts = [{ name: 'rate', kind: 'money', settings: { is_price: true } }, { name: 'budget', kind: 'money', settings: {} }];
    expect(tallyQueryOf(type('deal', amounts), stage, 'contact = 7')).toEqual({ field: 'stage', sum: 'budget', filter: 'contact = 7' });
  });
});
