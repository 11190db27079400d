/** Days that are chosen with one press: today, in three days, in a week. */
import { dayOf } from '@/util/format';

export const QUICK_DAYS = [0, 3, 7] as const;

/** The day so many days after today in a time zone, `YYYY-MM-DD`. */
export function dayAhead(days: number, timeZone?: string, now: Date = new Date()): string {
  const [year = 0, month = 1, day = 1] = dayOf(now, timeZone).split('-').map(Number);
  return new Date(Date.UTC(year, month - 1, day + days)).toISOString().slice(0, 10);
}
