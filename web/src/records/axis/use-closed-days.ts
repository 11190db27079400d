import { useQueries, type UseQueryResult } from '@tanstack/react-query';
import { useMemo } from 'react';
import { workQuery } from '@/api/calendar';
import { useSession } from '@/api/session';
import { momentOf } from '@/util/times';
import { partsOf, type Scale } from './scale';

/** So many days are asked for at once. */
const PART = 92;
const WEEKEND: ReadonlySet<number> = new Set([0, 6]);

type Part = Awaited<ReturnType<NonNullable<ReturnType<typeof workQuery>['queryFn']>>>;

function dataOf(results: readonly UseQueryResult<Part>[]): (Part | undefined)[] {
  return results.map(({ data }) => data);
}

export interface ClosedDays {
  isClosed: (day: string) => boolean;
  /** Names by day. */
  holidays: ReadonlyMap<string, string>;
}

/** The days on which the reader does not work: by his schedule, else the weekends and the holidays of the company. Where days are too narrow to be seen, nothing is asked. */
export function useClosedDays({ zoom, first, end }: Scale, zone: string | undefined): ClosedDays {
  const { user } = useSession();
  const isFine = zoom === 'day' || zoom === 'week';
  const parts = isFine ? partsOf(first, end, PART) : [];
  const found = useQueries({
    queries: parts.map(({ from, to }) => workQuery({ from: new Date(momentOf(from, 0, zone)).toISOString(), to: new Date(momentOf(to, 0, zone)).toISOString(), users: [user.id] })),
    combine: dataOf,
  });
  return useMemo(() => {
    const holidays = new Map(found.flatMap((part) => part?.holidays.map(({ date, name }) => [date, name] as const) ?? []));
    const days = found.flatMap((part) => part?.people.flatMap(({ work }) => work?.days ?? []) ?? []);
    const planned = new Map(days.map(({ date, hours }) => [date, hours.length > 0]));
    return {
      holidays,
      isClosed: (day) => (planned.has(day) ? planned.get(day) === false : WEEKEND.has(new Date(day).getUTCDay()) || holidays.has(day)),
    };
  }, [found]);
}
