/** The calendar: what stands in a span of time, and when people work. */
import { queryOptions } from '@tanstack/react-query';
import { api } from './client';
import { keys } from './keys';
import type { RecordItem, RecordReference } from './types';

/** The fields by which the records of a type stand in the calendar. */
export interface CalendarFields {
  begins: string | null;
  ends: string | null;
  whole_days: string | null;
  people: string[];
  kind: string | null;
  place: string | null;
  reminder: string | null;
}

declare module './types' {
  interface ObjectType {
    calendar?: CalendarFields | null;
  }
}

export interface WorkDay {
  date: string;
  hours: { from: string; to: string }[];
  cause: 'plan' | 'holiday' | 'own';
  name: string | null;
}

export interface CalendarPerson {
  user: RecordReference;
  /** Null for whoever has no schedule, or whose is not known here. */
  work: { time_zone: string; days: WorkDay[] } | null;
}

interface Answer {
  items: RecordItem[];
  is_capped: boolean;
  people: CalendarPerson[];
  holidays: { date: string; name: string }[];
}

export interface CalendarSpan {
  /** RFC 3339. */
  from: string;
  to: string;
  users: readonly number[];
}

function asked({ from, to, users }: CalendarSpan, types: string, open?: boolean) {
  return { from, to, users: users.join(','), types, open: open === true ? true : undefined };
}

/** The entries of one type, kept as a list of it: whatever changes cached records changes them, too. */
export function calendarQuery(type: string, span: CalendarSpan, open: boolean) {
  return queryOptions({
    queryKey: [...keys.lists(type), 'calendar', span, open],
    queryFn: async ({ signal }) => {
      const { items, is_capped } = await api.get<Answer>('/calendar', asked(span, type, open), signal);
      return { pages: [{ items, next_cursor: null }], isWhole: true as const, isCapped: is_capped };
    },
    staleTime: 15_000,
  });
}

/** When people work; it follows the records of users. */
export function workQuery(span: CalendarSpan) {
  return queryOptions({
    queryKey: [...keys.lists('user'), 'work', span],
    queryFn: async ({ signal }) => {
      const { people, holidays } = await api.get<Answer>('/calendar', asked(span, ''), signal);
      return { people, holidays };
    },
    staleTime: 60_000,
  });
}
