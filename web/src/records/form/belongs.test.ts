import { describe, expect, it } from 'vitest';
import type { ObjectType } from '@/api/types';
import { readBelongs } from './belongs';

const type = {
  fields: [
    { name: 'parent', kind: 'reference', access: 'write', settings: { target: 'contact' } },
    { name: 'owner', kind: 'reference', access: 'read', settings: { target: 'user' } },
    { name: 'name', kind: 'text', access: 'write', settings: {} },
  ],
} as unknown as ObjectType;

describe('what a form is opened for', () => {
  it('is a reference that may be written', () => expect(readBelongs(type, 'parent:42')).toEqual({ field: 'parent', id: 42, target: 'contact' }));

  it.each([undefined, '', 'parent', 'parent:x', 'owner:1', 'name:1', 'gone:1'])('is nothing: %s', (text) => expect(readBelongs(type, text)).toBeNull());

  it('is nothing while the type is not known', () => expect(readBelongs(undefined, 'parent:42')).toBeNull());
});
