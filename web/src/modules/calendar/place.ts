/** What the calendar shows, as its address names it. */
import { addDays, addMonths, weekOf, weeksOf } from '@/util/calendar';
import type { WeekStart } from '@/util/format';
import type { View } from './search';


/** So many days are told ahead in the agenda. */
export const AGENDA_DAYS = 30;

export function readUsers(text: string | undefined): number[] {
  return [...new Set((text ?? '').split('.').map(Number))].filter((id) => Number.isSafeInteger(id) && id > 0);
}

/** The days that a view shows. */
export function daysOf(view: View, day: string, weekStart: WeekStart): string[] {
  switch (view) {
    case 'day':
      return [day];
    case 'week':
      return weekOf(day, weekStart);
    case 'month': {
      // A sixth week that belongs to the next month alone is left out.
      const weeks = weeksOf(day, weekStart);
      return weeks.filter((week, at) => at < 4 || week.some((one) => one.slice(0, 7) === day.slice(0, 7))).flat();
    }
    case 'agenda':
      return Array.from({ length: AGENDA_DAYS }, (_, at) => addDays(day, at));
  }
}

/** One page forward or back. */
export function step(view: View, day: string, by: 1 | -1): string {
  if (view === 'month') return addMonths(day, by);
  return addDays(day, by * { day: 1, week: 7, agenda: AGENDA_DAYS }[view]);
}
