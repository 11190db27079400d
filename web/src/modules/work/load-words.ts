/** What the numbers of the workload mean: the filters of the lists that they open, and how full a day is. */
import type { LoadCount, LoadDay } from '@/api/workload';
import { dayAhead } from '@/fields/date_time/quick-days';
import { instantOf } from '@/util/read-format';
import { nextMonday } from './parts';

/** How full a day is: nothing, some of it, most of it, all of it and more; a day on which nobody works. */
export type Fullness = 'free' | 'some' | 'most' | 'over' | 'off';

/** Who has no schedule is taken to work eight hours. */
const USUAL_MINUTES = 8 * 60;
const MOST = 0.6;

export function fullness({ planned_minutes: planned, working_minutes: working }: LoadDay): Fullness {
  if (planned === 0) return working === 0 ? 'off' : 'free';
  const hours = working ?? USUAL_MINUTES;
  if (planned > hours) return 'over';
  return planned > hours * MOST ? 'most' : 'some';
}

/** The filter of the list that a number opens. Days end by the wall clock of the reader: `today` of the filter language is that of UTC. */
export function filterOf(user: number, count: LoadCount, zone: string | undefined, now: Date): string {
  const ahead = (day: string): string => `deadline >= now and deadline < ${instantOf(day, '00:00', zone)}`;
  const open = `responsible = ${user} and status.meaning = open`;
  switch (count) {
    case 'open':
      return open;
    case 'overdue':
      return `${open} and deadline < now`;
    case 'today':
      return `${open} and ${ahead(dayAhead(1, zone, now))}`;
    case 'week':
      return `${open} and ${ahead(nextMonday(zone, now))}`;
    case 'none':
      return `${open} and deadline is empty`;
  }
}
