import { describe, expect, it } from 'vitest';
import type { ObjectType } from '@/api/types';
import { cardOf } from './card-of';

const reference = (name: string, is_unique: boolean, is_retired = false) => ({ name, kind: 'reference', is_retired, settings: { target: 'user', is_unique } });
const type = (fields: object[], is_system = false) => ({ name: 'contact', is_system, fields }) as unknown as ObjectType;

describe('the card of a user', () => {
  it('is what names him alone', () => expect(cardOf([type([reference('seller', false), reference('account', true)])], 'user')?.field.name).toBe('account'));

  it.each([
    ['nothing that many may name', [type([reference('seller', false)])]],
    ['nothing that is no longer used', [type([reference('account', true, true)])]],
    ['no furniture', [type([reference('account', true)], true)]],
  ])('is %s', (_what, types) => expect(cardOf(types, 'user')).toBeUndefined());

  it('is that of users only', () => expect(cardOf([type([reference('account', true)])], 'tag')).toBeUndefined());
});
