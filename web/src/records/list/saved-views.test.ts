import { describe, expect, it } from 'vitest';
import type { RecordItem } from '@/api/types';
import { readView } from './saved-views';

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
