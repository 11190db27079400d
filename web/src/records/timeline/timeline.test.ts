import { describe, expect, it } from 'vitest';
import type { ObjectType } from '@/api/types';
import { categoriesOf, factFields, isChosen, kindsOf } from './kinds';
import { readChoices } from './use-timeline-choice';

const field = (name: string, more: object) => ({ name, kind: 'reference', settings: {}, is_retired: false, ...more });
const type = (name: string, fields: unknown[], more: object = {}) =>
  ({ name, fields, permissions: { see: true }, default_columns: ['stage', 'budget'], ...more }) as unknown as ObjectType;
const onTimeline = (timeline: string, target = 'contact') => field('of', { settings: { target }, timeline });
const category = (keys: string[]) => field('category', { kind: 'choice', settings: { options: keys.map((key) => ({ key })) } });

const contact = type('contact', []);
const task = type('task', [onTimeline('shown'), category(['call', 'fax'])]);
const note = type('comment', [onTimeline('shown'), category(['note', 'call'])], { part_of: ['of'] });
const file = type('document', [onTimeline('if_asked')], { part_of: ['of'] });
const closed = type('deal', [onTimeline('shown')], { permissions: { see: false } });
const line = type('line', [field('deal', { settings: { target: 'contact' }, timeline: null })]);

describe('what stands on a timeline', () => {
  const kinds = kindsOf([contact, task, note, file, closed, line], contact);
  it('is what the catalog says, notes first', () => expect(kinds.map(({ name, isShown }) => [name, isShown])).toEqual([['comment', true], ['task', true], ['document', false], ['change', false]]));
  it('is nothing where nothing refers', () => expect(kindsOf([contact, task], task)).toEqual([]));
  it('is chosen against what is shown by itself', () => expect(kinds.filter((kind) => isChosen(kind, { task: false, change: true })).map(({ name }) => name)).toEqual(['comment', 'change']));
  it('has each category once', () => expect(categoriesOf(kinds).map(({ key }) => key)).toEqual(['note', 'call', 'fax']));
});

describe('facts beside a title', () => {
  const money = field('budget', { kind: 'money' });
  const stage = field('stage', { kind: 'choice', settings: { meanings: ['open', 'won', 'lost'] } });
  const plain = field('budget_type', { kind: 'choice' });
  it('are how far it is and for how much', () => expect(factFields(type('deal', [plain, stage, money])).map(({ name }) => name)).toEqual(['stage', 'budget']));
});

describe('what was chosen', () => {
  it('is read again', () => expect(readChoices('{"contact":{"kinds":{"task":false,"x":3},"withOthers":false},"deal":7}')).toEqual({ contact: { kinds: { task: false }, withOthers: false }, deal: { kinds: {}, withOthers: true } }));
  it('may be nothing, or nonsense', () => expect([readChoices(null), readChoices('{')]).toEqual([{}, {}]));
});
