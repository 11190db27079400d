import { describe, expect, it } from 'vitest';
import type { RecordItem, Session } from '@/api/types';
import { firstView, firstViewsWith, readView, viewsOf, type SavedView } from './saved-views';

const OLENA = { id: 1, title: 'Олена', type: 'user' };

function record(values: Record<string, string>, can = true): RecordItem {
  const shape = { id: 7, version: 2, title: 'Горячие', created_by: OLENA, can_edit: can, can_delete: can, values: { name: 'Горячие', definition: '{}', ...values } };
  return shape as unknown as RecordItem;
}

describe('a saved view', () => {
  it('is private unless it says that everyone sees it', () => {
    expect(readView(record({}), 1).sharing).toBe('private');
    expect(readView(record({ sharing: 'private' }), 1).sharing).toBe('private');
    expect(readView(record({ sharing: 'all' }), 1).sharing).toBe('all');
  });

  it('names its maker to others only', () => {
    expect(readView(record({ sharing: 'all' }), 1).maker).toBeNull();
    expect(readView(record({ sharing: 'all' }), 2).maker).toBe('Олена');
  });

  it('of somebody else is looked at, not changed', () => {
    expect(readView(record({ sharing: 'all' }, false), 2)).toMatchObject({ canEdit: false, canDelete: false });
    expect(readView(record({ sharing: 'all' }), 1)).toMatchObject({ canEdit: true, canDelete: true });
  });
});

describe('what opens first', () => {
  const session = (own: number[], company: number[]): Session =>
    ({ user: { id: 1, default_views: own }, installation: { default_views: company } }) as unknown as Session;
  const view = (id: number, section: string | null, type = 'contact'): RecordItem =>
    ({ ...record({ object_type: type, definition: JSON.stringify({ section }) }), id }) as RecordItem;
  const records = [view(7, 'clients'), view(8, 'clients'), view(9, 'companies'), view(10, null, 'deal')];

  it('is the own choice before that of the company, for the section at hand', () => {
    expect(firstView('contact', 'clients', records, session([8], [7]))?.id).toBe(8);
    expect(firstView('contact', 'clients', records, session([9], [7]))?.id).toBe(7);
    expect(firstView('contact', 'companies', records, session([9], [7]))?.id).toBe(9);
    expect(firstView('contact', undefined, records, session([8], [7]))).toBeUndefined();
    expect(firstView('deal', undefined, records, session([10], []))?.id).toBe(10);
  });

  it('is passed over when the view is gone', () => {
    expect(firstView('contact', 'clients', records, session([99], [7]))?.id).toBe(7);
  });

  it('is one for each section', () => {
    const views = viewsOf('contact', records, 1);
    const [seventh, eighth] = views as [SavedView, SavedView];
    expect(firstViewsWith(eighth, true, [7, 9, 10], views)).toEqual([9, 10, 8]);
    expect(firstViewsWith(seventh, false, [7, 9], views)).toEqual([9]);
  });
});
