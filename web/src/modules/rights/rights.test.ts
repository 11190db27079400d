import { describe, expect, it } from 'vitest';
import type { AccessOptions, Rights } from '@/api/access';
import { fieldRightOf, isSameRights, linesOf, opensFeature, ownWords, readRights, tidyRights, withBlock, withFeature, withField, withLines } from './rights';

const employee = { actions: { see: [{ level: 'shared' }], change: [{ level: 'shared' }] }, fields: { user: 'read' } } as const;
const all = { actions: { see: [{ level: 'all' }], export: [{ level: 'all' }] }, fields: {} } as const;
const options: AccessOptions = {
  actions: ['see', 'create', 'change', 'delete', 'export', 'bulk', 'merge', 'share'],
  levels: ['own', 'shared', 'team', 'all'],
  types: [{ type: 'contact', bases: { administrator: all, supervisor: all, employee } }],
  features: [
    { key: 'import', is_setting: false, open_to: ['administrator', 'supervisor', 'employee'] },
    { key: 'users', is_setting: true, open_to: ['administrator'] },
  ],
};
const base: Rights = { base: 'employee' };

describe('rights of a role', () => {
  it('reads what is stored, and nothing of what is not rights', () => {
    expect(readRights('{"base":"employee","features":{"import":false}}')).toEqual({ base: 'employee', features: { import: false } });
    for (const text of ['', 'null', '{', '7']) expect(readRights(text)).toEqual({ base: null });
  });

  it('asks for a second step only where it says so', () => {
    expect(tidyRights({ base: null, needs_second_step: false })).toEqual({ base: null });
    expect(isSameRights(base, { ...base, needs_second_step: true })).toBe(false);
    expect(ownWords({ ...base, needs_second_step: true })).toBe(1);
  });

  it('takes lines from the base until it says its own, and again after a reset', () => {
    expect(linesOf(base, options, 'contact', 'see')).toEqual({ lines: [{ level: 'shared' }], isOwn: false });
    expect(linesOf(base, options, 'contact', 'export')).toEqual({ lines: [], isOwn: false });
    expect(linesOf({ base: null }, options, 'contact', 'see').lines).toEqual([]);
    const own = withLines(base, 'contact', 'see', [{ level: 'own' }]);
    expect(linesOf(own, options, 'contact', 'see')).toEqual({ lines: [{ level: 'own' }], isOwn: true });
    expect(linesOf(withLines(base, 'contact', 'see', []), options, 'contact', 'see')).toEqual({ lines: [], isOwn: true });
    expect(isSameRights(withLines(own, 'contact', 'see', null), base)).toBe(true);
  });

  it('asks the field, then its block, then the base, and never gives more than the base', () => {
    const right = (rights: Rights, name = 'phone') => fieldRightOf(rights, options, 'contact', { name }, { key: 'main' });
    expect(right(base)).toEqual({ right: 'write', from: 'base' });
    const blocked = withBlock(base, 'contact', 'main', 'hidden');
    expect(right(blocked)).toEqual({ right: 'hidden', from: 'block' });
    expect(right(withField(blocked, 'contact', 'phone', 'read'))).toEqual({ right: 'read', from: 'field' });
    expect(right(withField(base, 'contact', 'user', 'write'), 'user')).toEqual({ right: 'read', from: 'field' });
    expect(fieldRightOf(blocked, options, 'contact', { name: 'phone' }, null)).toEqual({ right: 'write', from: 'base' });
  });

  it('opens parts of the program', () => {
    expect(opensFeature(base, options, 'import')).toEqual({ isOpen: true, isOwn: false });
    expect(opensFeature(withFeature(base, 'import', false), options, 'import')).toEqual({ isOpen: false, isOwn: true });
    expect(opensFeature(base, options, 'users').isOpen).toBe(false);
    expect(opensFeature({ base: 'administrator', features: { users: false } }, options, 'users')).toEqual({ isOpen: true, isOwn: false });
    expect(opensFeature({ base: null }, options, 'import').isOpen).toBe(false);
  });

  it('is tidy: no empty parts, one order, no empty conditions', () => {
    const messy = withLines(withField(withLines(base, 'contact', 'see', [{ level: 'own', filter: ' ' }]), 'contact', 'phone', null), 'contact', 'change', null);
    expect(tidyRights(messy)).toEqual({ base: 'employee', types: { contact: { actions: { see: [{ level: 'own' }] } } } });
    expect(ownWords(messy)).toBe(1);
    const one = withFeature(withFeature(base, 'import', false), 'users', true);
    const other = withFeature(withFeature(base, 'users', true), 'import', false);
    expect(isSameRights(one, other)).toBe(true);
    expect(isSameRights(one, base)).toBe(false);
  });
});
