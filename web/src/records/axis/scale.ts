/** The axis itself: which days it has, how wide they are, what is written above them. Days are counted from 1 January 1970. */
import { addDays, addMonths, placeInWeek } from '@/util/calendar';
import type { WeekStart } from '@/util/format';
import type { Zoom } from './axis-fields';

export const DAY_MS = 86_400_000;

interface Size {
  /** Pixels of a day. */
  dayWidth: number;
  /** So many days are before the one that is looked at, and behind it. */
  before: number;
  behind: number;
  /** The buttons go so many days. */
  step: number;
  /** Keys move a bar by so many. */
  nudge: number;
}

export const SIZES: Readonly<Record<Zoom, Size>> = {
  day: { dayWidth: 48, before: 14, behind: 28, step: 7, nudge: 1 },
  week: { dayWidth: 18, before: 35, behind: 98, step: 28, nudge: 1 },
  month: { dayWidth: 5, before: 124, behind: 280, step: 91, nudge: 7 },
  quarter: { dayWidth: 2, before: 370, behind: 740, step: 365, nudge: 30 },
};

export interface Tick {
  /** Its first day. */
  day: string;
  days: number;
}

export interface Scale {
  zoom: Zoom;
  dayWidth: number;
  first: string;
  /** The day behind the last one. */
  end: string;
  /** Months above days and weeks, years above months and quarters. */
  upper: Tick[];
  lower: Tick[];
  width: number;
}

/** How many days after 1 January 1970 a day is. */
export function numberOf(day: string): number {
  return Math.round(Date.parse(day) / DAY_MS);
}

function startOf(day: string, unit: 'day' | 'week' | 'month' | 'quarter' | 'year', weekStart: WeekStart): string {
  if (unit === 'day') return day;
  if (unit === 'week') return addDays(day, -placeInWeek(day, weekStart));
  if (unit === 'year') return `${day.slice(0, 4)}-01-01`;
  const first = `${day.slice(0, 7)}-01`;
  return unit === 'month' ? first : addMonths(first, -((Number(day.slice(5, 7)) - 1) % 3));
}

function nextOf(day: string, unit: 'day' | 'week' | 'month' | 'quarter' | 'year'): string {
  if (unit === 'day') return addDays(day, 1);
  if (unit === 'week') return addDays(day, 7);
  return addMonths(day, unit === 'month' ? 1 : unit === 'quarter' ? 3 : 12);
}

function ticks(first: string, end: string, unit: 'day' | 'week' | 'month' | 'quarter' | 'year', weekStart: WeekStart): Tick[] {
  const found: Tick[] = [];
  let day = first;
  while (day < end) {
    const next = nextOf(startOf(day, unit, weekStart), unit);
    const last = next < end ? next : end;
    found.push({ day, days: numberOf(last) - numberOf(day) });
    day = last;
  }
  return found;
}

/** The axis around a day. */
export function scaleOf(zoom: Zoom, day: string, weekStart: WeekStart): Scale {
  const { dayWidth, before, behind } = SIZES[zoom];
  const unit = zoom === 'day' ? 'week' : zoom;
  const first = startOf(addDays(day, -before), unit, weekStart);
  const end = nextOf(startOf(addDays(day, behind), unit, weekStart), unit);
  return {
    zoom,
    dayWidth,
    first,
    end,
    upper: ticks(first, end, zoom === 'day' || zoom === 'week' ? 'month' : 'year', weekStart),
    lower: ticks(first, end, zoom, weekStart),
    width: (numberOf(end) - numberOf(first)) * dayWidth,
  };
}

/** Where a moment, in days, stands on the axis, in pixels. */
export function placeOf({ first, dayWidth }: Scale, days: number): number {
  return (days - numberOf(first)) * dayWidth;
}

/** The days on which nobody works, those that follow one another together. */
export function closedTicks({ first, end }: Scale, isClosed: (day: string) => boolean): Tick[] {
  const found: Tick[] = [];
  for (let day = first; day < end; day = addDays(day, 1)) {
    if (!isClosed(day)) continue;
    const last = found.at(-1);
    if (last !== undefined && addDays(last.day, last.days) === day) last.days += 1;
    else found.push({ day, days: 1 });
  }
  return found;
}

/** A span in parts that are not longer than so many days. */
export function partsOf(first: string, end: string, most: number): { from: string; to: string }[] {
  const parts = [];
  for (let day = first; day < end; day = addDays(day, most)) {
    const to = addDays(day, most);
    parts.push({ from: day, to: to < end ? to : end });
  }
  return parts;
}
