/** Days of the calendar as `YYYY-MM-DD`, and the weeks of a month. */
import type { WeekStart } from './format';

const DAY_MS = 86_400_000;
const FIRST: Readonly<Record<WeekStart, number>> = { sunday: 0, monday: 1, saturday: 6 };

function dayAt(ms: number): string {
  return new Date(ms).toISOString().slice(0, 10);
}

export function addDays(day: string, count: number): string {
  return dayAt(Date.parse(day) + count * DAY_MS);
}

/** The same day of another month, or its last one. */
export function addMonths(day: string, count: number): string {
  const [year = 0, month = 1, date = 1] = day.split('-').map(Number);
  const last = new Date(Date.UTC(year, month + count, 0)).getUTCDate();
  return dayAt(Date.UTC(year, month - 1 + count, Math.min(date, last)));
}

/** How many days into its week a day is. */
export function placeInWeek(day: string, weekStart: WeekStart): number {
  return (new Date(day).getUTCDay() - FIRST[weekStart] + 7) % 7;
}

/** The seven days of a week in their order, of any week. */
export function weekOf(day: string, weekStart: WeekStart): string[] {
  const first = addDays(day, -placeInWeek(day, weekStart));
  return Array.from({ length: 7 }, (_, at) => addDays(first, at));
}

/** The weeks that a month touches, whole: six, so that the sheet keeps its height. */
export function weeksOf(day: string, weekStart: WeekStart): string[][] {
  const first = `${day.slice(0, 7)}-01`;
  return Array.from({ length: 6 }, (_, week) => weekOf(addDays(first, week * 7), weekStart));
}
