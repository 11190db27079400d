/** Moments and the wall clock of the person: the calendar is drawn by the clock, and stored in moments. */
import { addDays } from './calendar';
import { clockOf, dayOf } from './format';
import { instantOf } from './read-format';

export const MINUTE = 60_000;
export const DAY_MINUTES = 1440;
/** Everything that is moved or drawn falls on these minutes. */
export const STEP = 15;

/** The day of a moment. */
export function dayAt(ms: number, zone: string | undefined): string {
  return dayOf(new Date(ms), zone);
}

/** Minutes since midnight by the wall clock. */
export function minutesAt(ms: number, zone: string | undefined): number {
  const [hours = 0, minutes = 0] = clockOf(new Date(ms).toISOString(), zone).split(':').map(Number);
  return hours * 60 + minutes;
}

/** `HH:MM`. */
export function clockText(minutes: number): string {
  return `${String(Math.floor(minutes / 60)).padStart(2, '0')}:${String(minutes % 60).padStart(2, '0')}`;
}

/** The moment of a time of the wall clock; minutes beyond midnight belong to the next days. */
export function momentOf(day: string, minutes: number, zone: string | undefined): number {
  const days = Math.floor(minutes / DAY_MINUTES);
  return Date.parse(instantOf(addDays(day, days), clockText(minutes - days * DAY_MINUTES), zone));
}

/** The same time of the wall clock so many days later. */
export function shiftDays(ms: number, days: number, zone: string | undefined): number {
  return days === 0 ? ms : momentOf(addDays(dayAt(ms, zone), days), minutesAt(ms, zone), zone) + (ms % MINUTE);
}

export function daysFrom(first: string, last: string): number {
  return Math.round((Date.parse(last) - Date.parse(first)) / 86_400_000);
}

export function snap(minutes: number): number {
  return Math.round(minutes / STEP) * STEP;
}
