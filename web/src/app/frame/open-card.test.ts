import { describe, expect, it } from 'vitest';
import type { ObjectType } from '@/api/types';
import { openCard } from './open-card';

const contact = { name: 'contact' } as ObjectType;

describe('the open card', () => {
  it.each([
    ['/records/contact/42', {}, 42],
    ['/records/contact', { open: 7 }, 7],
    ['/records/contact/42', { open: 7 }, 42],
    ['/records/contact', {}, null],
    ['/records/contact/new', { open: 7 }, null],
    ['/records/gone/42', {}, null],
    ['/settings/users', {}, null],
  ])('%s %o: %s', (pathname, search, id) => expect(openCard({ pathname, search }, [contact])?.id ?? null).toBe(id));
});
