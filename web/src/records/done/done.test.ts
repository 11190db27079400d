import { describe, expect, it } from 'vitest';
import type { Field, ObjectType } from '@/api/types';
import { doneValue, isDone, isOverdue, stateFields } from './done';

const status = {
  name: 'status',
  kind: 'choice',
  settings: {
    meanings: ['open', 'closed'],
    options: [
      { key: 'new', labels: {}, meaning: 'open' },
      { key: 'old', labels: {}, meaning: 'closed', is_retired: true },
      { key: 'done', labels: {}, meaning: 'closed' },
      { key: 'cancelled', labels: {}, meaning: 'closed' },
    ],
  },
} as unknown as Field;
const deadline = { name: 'deadline', kind: 'date_time', overdue_if: 'status.meaning = open', settings: {} } as unknown as Field;
const closing = { name: 'closing', kind: 'date', overdue_if: 'status.meaning = open', settings: {} } as unknown as Field;
const tick = { name: 'is_closed', kind: 'checkbox', settings: {} } as unknown as Field;
const type = { fields: [status, deadline, closing], done_by: 'status' } as unknown as ObjectType;

describe('the tick', () => {
  it('takes the first option that is offered and means it', () => {
    expect([doneValue(status, true), doneValue(status, false), doneValue(tick, true)]).toEqual(['done', 'new', true]);
  });

  it.each([
    [status, 'new', false],
    [status, 'old', true],
    [status, 'cancelled', true],
    [status, undefined, false],
    [tick, true, true],
    [tick, undefined, false],
  ])('knows what is done (%#)', (field, value, expected) => expect(isDone(field, value)).toBe(expected));
});

describe('late', () => {
  const at = new Date('2026-11-23T10:00:00');
  it.each([
    [deadline, { deadline: '2026-11-23T09:59:00', status: 'new' }, true],
    [deadline, { deadline: '2026-11-23T10:01:00', status: 'new' }, false],
    [deadline, { deadline: '2026-11-23T09:59:00', status: 'done' }, false],
    [deadline, { status: 'new' }, false],
    [closing, { closing: '2026-11-23', status: 'new' }, false],
    [closing, { closing: '2026-11-22', status: 'new' }, true],
  ])('by the moment and the meaning (%#)', (field, values, expected) => expect(isOverdue(type, field, { values }, at)).toBe(expected));

  it('asks for what it needs', () => expect(stateFields(type).sort()).toEqual(['closing', 'deadline', 'status']));
});
