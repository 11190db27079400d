import { describe, expect, it } from 'vitest';
import type { Notification } from '@/api/notifications';
import { byDay, linkOf, namesOf } from './notification-words';

const card = (id: number, title: string) => ({ id, title, type: 'contact' });
const three = [card(1, 'Бондар'), card(2, 'Вовк'), card(3, 'Шевчук')];

describe('a notification', () => {
  it('names the records that have room', () => {
    expect(namesOf({ records: [], count: 1 })).toBe('');
    expect(namesOf({ records: three, count: 3 })).toBe('Бондар, Вовк, Шевчук');
    expect(namesOf({ records: [...three, card(4, 'Ясен')], count: 4 })).toBe('Бондар, Вовк, Шевчук …');
  });

  it('leads to the card, to the list, to the import or to the profile', () => {
    expect(linkOf({ records: [card(7, 'Вовк')], count: 1, job: null })).toMatchObject({ to: '/records/$type/$id', params: { type: 'contact', id: '7' } });
    expect(linkOf({ records: three, count: 3, job: null })).toMatchObject({ to: '/records/$type', search: { filter: 'id in (1, 2, 3)' } });
    expect(linkOf({ records: three, count: 5_000, job: null })).toMatchObject({ to: '/records/$type', search: {} });
    expect(linkOf({ records: [], count: 1, job: { id: 5, import_id: 9 } })).toMatchObject({ to: '/import/$id', params: { id: '9' } });
    expect(linkOf({ records: [], count: 1, job: { id: 5, import_id: null } })).toMatchObject({ to: '/operations' });
    expect(linkOf({ records: [], count: 1, job: null })).toMatchObject({ to: '/settings/profile' });
  });

  it('stands under its day in the time zone of the person', () => {
    const at = (id: number, instant: string) => ({ id, created_at: instant }) as Notification;
    const days = byDay([at(3, '2026-11-22T22:30:00Z'), at(2, '2026-11-22T21:30:00Z'), at(1, '2026-11-22T08:00:00Z')], 'Europe/Kyiv');
    expect(days.map(({ day, items }) => [day, items.map((item) => item.id)])).toEqual([
      ['2026-11-23', [3]],
      ['2026-11-22', [2, 1]],
    ]);
  });
});
