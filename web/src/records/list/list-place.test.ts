import { describe, expect, it } from 'vitest';
import { placeOf, rememberPlace } from './list-place';

describe('the place in a list', () => {
  it('belongs to an address, whatever stands open beside it', () => {
    rememberPlace('contact', { section: 'clients', open: 4 }, { offset: 720, id: 4 });
    expect(placeOf('contact', { section: 'clients' })).toEqual({ offset: 720, id: 4 });
    expect(placeOf('contact', { section: 'clients', filter: 'warmth = "hot"' })).toEqual({ offset: 0, id: null });
    expect(placeOf('contact', { section: 'clients', look: 'tiles' })).toEqual({ offset: 0, id: null });
    expect(placeOf('company', { section: 'clients' })).toEqual({ offset: 0, id: null });
  });

  it('follows the card one walked to', () => {
    rememberPlace('contact', { q: 'шев' }, { offset: 300, id: 1 });
    rememberPlace('contact', { q: 'шев' }, { id: 2 });
    expect(placeOf('contact', { q: 'шев' })).toEqual({ offset: 300, id: 2 });
  });

  it('forgets the lists of long ago', () => {
    rememberPlace('contact', { q: 'first' }, { offset: 1 });
    for (let index = 0; index < 60; index += 1) rememberPlace('contact', { q: `later ${index}` }, { offset: 1 });
    expect(placeOf('contact', { q: 'first' }).offset).toBe(0);
  });
});
