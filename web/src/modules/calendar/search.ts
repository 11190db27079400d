/** The address of the calendar. It is read with the first page, so it needs nothing else. */
import type { CalendarLink } from '@/records/paths';

export const VIEWS = ['day', 'week', 'month', 'agenda'] as const;
export type View = (typeof VIEWS)[number];

/** `day` is `YYYY-MM-DD`, without it today; `users` are ids with points between them, without it those last chosen; `open` is the entry whose card is open. */
export type CalendarSearch = CalendarLink;

/** What cannot be meant is left out. */
export function readCalendarSearch(search: Record<string, unknown>): CalendarSearch {
  const view = VIEWS.find((candidate) => candidate === search.view);
  // A single id in an address reads as a number, and so do two with a point between them.
  const users = typeof search.users === 'number' ? String(search.users) : search.users;
  const { day, open } = search;
  return {
    ...(view === undefined ? {} : { view }),
    ...(typeof day === 'string' && /^\d{4}-\d{2}-\d{2}$/.test(day) && !Number.isNaN(Date.parse(day)) ? { day } : {}),
    ...(typeof users === 'string' && /^\d+(\.\d+)*$/.test(users) ? { users } : {}),
    ...(typeof open === 'string' ? { open } : {}),
  };
}
