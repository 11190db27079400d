import { describe, expect, it } from 'vitest';
import type { Field, RecordReference } from '@/api/types';
import { changedValues, setsFor, sharingOf } from './sharing';

const user = (id: number): RecordReference => ({ id, title: `User ${id}`, type: 'user' });
const team = (id: number): RecordReference => ({ id, title: `Team ${id}`, type: 'team' });
const values = { visibility: 'private', managers: [user(1)], readers: [user(2), user(3)], editors: [user(3)], editing_teams: [team(7)] };

const managers = { name: 'managers', kind: 'reference_set' } as Field;
const responsible = { name: 'responsible', kind: 'reference' } as Field;

describe('sharing', () => {
  it('names everybody once, with the most that he may', () => {
    expect(sharingOf({ values }, managers).shared.map(({ record, may }) => [record.type, record.id, may])).toEqual([
      ['user', 3, 'write'],
      ['user', 2, 'read'],
      ['team', 7, 'write'],
    ]);
  });

  it('writes only what is other than before', () => {
    const before = sharingOf({ values }, managers);
    expect(changedValues(before, before, managers).values).toEqual({});
    const moved = { ...before, shared: before.shared.map((one) => (one.record.id === 2 ? { ...one, may: 'write' as const } : one)) };
    expect(changedValues(before, moved, managers).values).toEqual({ readers: [], editors: [3, 2] });
    expect(changedValues(before, { ...before, visibility: 'read', owners: [] }, managers).values).toEqual({ visibility: 'read', managers: [] });
  });

  it('hands a record to the one who is responsible', () => {
    const before = sharingOf({ values: { visibility: 'write', responsible: user(1) } }, responsible);
    expect(before.owners).toEqual([user(1)]);
    expect(changedValues(before, { ...before, owners: [user(2)] }, responsible)).toEqual({ values: { responsible: 2 }, shown: { responsible: user(2) } });
  });

  it('moves people and teams of many records between the sets', () => {
    expect(setsFor([user(2), team(7)], 'write')).toEqual({
      add: { editors: [2], editing_teams: [7] },
      remove: { readers: [2], reading_teams: [7] },
    });
    expect(setsFor([user(2)], 'read')).toEqual({ add: { readers: [2] }, remove: { editors: [2] } });
    expect(setsFor([team(7)], null)).toEqual({ add: {}, remove: { editing_teams: [7], reading_teams: [7] } });
  });
});
