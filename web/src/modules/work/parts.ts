/** The parts of a day's list: by what stands between now and the deadline, in the days of the reader. */
import type { WorkItem, WorkPart } from '@/api/work';
import { dayAhead } from '@/fields/date_time/quick-days';
import { dayOf } from '@/util/format';

/** Days from a day to the Monday behind it: one to seven. */
function daysToMonday(day: string): number {
  return 7 - ((new Date(`${day}T00:00:00Z`).getUTCDay() + 6) % 7);
}

/** When next week begins. */
export function nextMonday(timeZone?: string, now: Date = new Date()): string {
  return dayAhead(daysToMonday(dayOf(now, timeZone)), timeZone, now);
}

/** The part that something due then belongs to. */
export function partOf(by: string | null, timeZone?: string, now: Date = new Date()): WorkPart {
  if (by === null) return 'none';
  if (new Date(by) < now) return 'overdue';
  const day = dayOf(by, timeZone);
  if (day === dayOf(now, timeZone)) return 'today';
  if (day === dayAhead(1, timeZone, now)) return 'tomorrow';
  return day < nextMonday(timeZone, now) ? 'week' : 'later';
}

/** What is listed, with what was closed here and is listed no more, at its place. */
export function withClosed(items: readonly WorkItem[], closed: readonly WorkItem[]): WorkItem[] {
  const key = ({ record }: WorkItem) => `${record.type}-${record.id}`;
  const listed = new Set(items.map(key));
  const all = [...items];
  for (const item of closed.filter((candidate) => !listed.has(key(candidate)))) {
    const place = all.findIndex((other) => item.by !== null && (other.by === null || other.by > item.by));
    all.splice(place === -1 ? all.length : place, 0, item);
  }
  return all;
}
