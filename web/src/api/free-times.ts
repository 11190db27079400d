/** Who is free: what of some people's time is taken, and the next gaps that all have in common. */
import { queryOptions } from '@tanstack/react-query';
import type { CalendarPerson } from './calendar';
import { api } from './client';
import { keys } from './keys';

/** RFC 3339. */
export interface Stretch {
  from: string;
  to: string;
}

export interface FreePerson extends CalendarPerson {
  hours: Stretch[];
  busy: Stretch[];
}

export interface FreeTimes {
  people: FreePerson[];
  gaps: Stretch[];
  holidays: { date: string; name: string }[];
}

export interface FreeQuery extends Stretch {
  users: readonly number[];
  minutes: number;
  /** `event-12`: what is being moved is no obstacle to itself. */
  except?: string | undefined;
}

export function freeTimesQuery({ users, from, to, minutes, except }: FreeQuery) {
  return queryOptions({
    queryKey: [...keys.lists('event'), 'free', users, from, to, minutes, except],
    queryFn: ({ signal }) => api.get<FreeTimes>('/calendar/free', { users: users.join(','), from, to, minutes, except }, signal),
    enabled: users.length > 0,
    staleTime: 15_000,
  });
}
