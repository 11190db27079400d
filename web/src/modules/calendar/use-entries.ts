import { useQueries, useQuery } from '@tanstack/react-query';
import { useMemo } from 'react';
import { calendarQuery, workQuery, type CalendarPerson, type CalendarSpan } from '@/api/calendar';
import { useCatalog } from '@/api/catalog';
import { useFormat } from '@/ui/use-format';
import { addDays } from '@/util/calendar';
import { calendarTypes, entryOf, type CalendarType, type Entry } from './entries';
import { momentOf } from '@/util/times';

export interface Entries {
  types: readonly CalendarType[];
  entries: readonly Entry[];
  people: readonly CalendarPerson[];
  holidays: readonly { date: string; name: string }[];
  isCapped: boolean;
  isPending: boolean;
  error: unknown;
  retry: () => void;
}

const NOBODY: readonly CalendarPerson[] = [];
const NO_DAYS: readonly { date: string; name: string }[] = [];

/** What stands on some days, of some people; what is done can be left out, and types that are hidden here. */
export function useEntries(days: readonly string[], users: readonly number[], hidden: readonly string[], isOpenOnly: boolean, now: number): Entries {
  const { object_types: all } = useCatalog();
  const { timeZone: zone } = useFormat();
  const types = useMemo(() => calendarTypes(all), [all]);
  const [first = '', last = ''] = [days[0], days.at(-1)];
  const key = users.join('.');
  const span = useMemo<CalendarSpan>(() => {
    const text = (day: string): string => new Date(momentOf(day, 0, zone)).toISOString();
    return { from: text(first), to: text(addDays(last, 1)), users: key.split('.').map(Number) };
  }, [first, last, key, zone]);
  const wanted = types.filter(({ type }) => !hidden.includes(type.name));
  const lists = useQueries({ queries: wanted.map(({ type }) => ({ ...calendarQuery(type.name, span, isOpenOnly), placeholderData: (before: unknown) => before as never })) });
  const work = useQuery({ ...workQuery(span), placeholderData: (before) => before });
  const found = lists.map(({ data }) => data);
  const entries = useMemo(
    () => wanted.flatMap((kind, at) => found[at]?.pages[0]?.items.flatMap((record) => entryOf(kind, record, zone, now) ?? []) ?? []),
    // The answers themselves: what is made of them anew each time is equal.
    // eslint-disable-next-line react-hooks/exhaustive-deps
    [...found, types, hidden.join(), zone, now],
  );
  return {
    types,
    entries,
    people: work.data?.people ?? NOBODY,
    holidays: work.data?.holidays ?? NO_DAYS,
    isCapped: found.some((answer) => answer?.isCapped === true),
    isPending: lists.some(({ isPending }) => isPending),
    error: lists.find(({ error }) => error !== null)?.error ?? null,
    retry: () => lists.forEach((list) => void list.refetch()),
  };
}
