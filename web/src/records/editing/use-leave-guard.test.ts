import { describe, expect, it } from 'vitest';
import { keepsCard } from './use-leave-guard';

describe('keepsCard', () => {
  const panel = { pathname: '/records/contact', search: { section: 'clients', open: 4 } };

  it('lets the list change beside an open card', () => {
    expect(keepsCard(panel, { ...panel, search: { section: 'clients', sort: 'name', open: 4 } })).toBe(true);
  });

  it('sees another card, the closed panel and another page', () => {
    expect(keepsCard(panel, { ...panel, search: { section: 'clients', open: 5 } })).toBe(false);
    expect(keepsCard(panel, { ...panel, search: { section: 'clients' } })).toBe(false);
    expect(keepsCard({ pathname: '/records/contact/4', search: {} }, { pathname: '/records/contact/5', search: {} })).toBe(false);
  });
});
