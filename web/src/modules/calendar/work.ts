/** When somebody works, as the calendar shades it. */
import type { CalendarPerson, WorkDay } from '@/api/calendar';
import { DAY_MINUTES, dayAt, minutesAt } from '@/util/times';

/** From and to, in minutes of the wall clock. */
export type Stretch = readonly [number, number];

/** The hours of a day in which somebody does not work; none of somebody without a schedule. */
export function closedHours(work: CalendarPerson['work'], day: string, zone: string | undefined): Stretch[] {
  if (work === null) return [];
  const open = work.days
    .flatMap(({ hours }) => hours)
    .flatMap(({ from, to }): Stretch[] => {
      const [begin, end] = [Date.parse(from), Date.parse(to)];
      const [first, last] = [dayAt(begin, zone), dayAt(end - 1, zone)];
      if (day < first || day > last) return [];
      return [[day === first ? minutesAt(begin, zone) : 0, day === last ? minutesAt(end, zone) || DAY_MINUTES : DAY_MINUTES]];
    })
    .sort((a, b) => a[0] - b[0]);
  const closed: Stretch[] = [];
  let at = 0;
  for (const [from, to] of open) {
    if (from > at) closed.push([at, from]);
    at = Math.max(at, to);
  }
  if (at < DAY_MINUTES) closed.push([at, DAY_MINUTES]);
  return closed;
}

/** What a day is called: an own day of the person, else a holiday. */
export function dayName(work: CalendarPerson['work'], holidays: readonly { date: string; name: string }[], day: string): string | null {
  const own: WorkDay | undefined = work?.days.find(({ date }) => date === day);
  return own?.name ?? holidays.find(({ date }) => date === day)?.name ?? null;
}
