/** The hours of a schedule as the editor holds them, and how they are told in one line. */
import type { Span } from '@/api/working-hours';
import type { Format } from '@/ui/use-format';

export type Plan = { kind: 'week'; days: Span[][] } | { kind: 'cycle'; starts_on: string; days: Span[][] };

export interface OwnDay {
  from: string;
  to: string;
  hours: Span[];
  note?: string;
}

/** Days of the week from Monday on; any Monday will do. */
const MONDAY = Date.UTC(2026, 0, 5);
const DAY_MS = 86_400_000;
export const MOST_CYCLE_DAYS = 62;

const OFFICE: Span[] = [{ from: '09:00', to: '18:00' }];

export function officePlan(): Plan {
  return { kind: 'week', days: Array.from({ length: 7 }, (_, day) => (day < 5 ? OFFICE.map((span) => ({ ...span })) : [])) };
}

/** A day, a night, two days off. */
export function shiftPlan(startsOn: string): Plan {
  return { kind: 'cycle', starts_on: startsOn, days: [[{ from: '08:00', to: '20:00' }], [{ from: '20:00', to: '08:00' }], [], []] };
}

function isSpans(value: unknown): value is Span[] {
  return Array.isArray(value) && value.every((span: Partial<Span> | null) => typeof span?.from === 'string' && typeof span.to === 'string');
}

/** What a record holds; what cannot be read is an office. */
export function readPlan(text: unknown): Plan {
  try {
    const plan = JSON.parse(String(text)) as Partial<Plan> & { starts_on?: unknown };
    if (Array.isArray(plan.days) && plan.days.every(isSpans)) {
      if (plan.kind === 'week') return { kind: 'week', days: plan.days };
      if (plan.kind === 'cycle' && typeof plan.starts_on === 'string') return { kind: 'cycle', starts_on: plan.starts_on, days: plan.days };
    }
  } catch {
    // Falls through to the office.
  }
  return officePlan();
}

export function readSpans(text: unknown): Span[] {
  try {
    const spans: unknown = JSON.parse(String(text));
    return isSpans(spans) ? spans : [];
  } catch {
    return [];
  }
}

export function readOwnDays(text: string | null): OwnDay[] {
  try {
    const days: unknown = JSON.parse(text ?? '[]');
    return Array.isArray(days) ? (days as OwnDay[]).filter((day) => typeof day.from === 'string' && isSpans(day.hours)) : [];
  } catch {
    return [];
  }
}

export function dayName(day: number, language: string, length: 'short' | 'long'): string {
  return new Intl.DateTimeFormat(language, { weekday: length, timeZone: 'UTC' }).format(new Date(MONDAY + day * DAY_MS));
}

export function minutesOf(time: string): number {
  const [hours = 0, minutes = 0] = time.split(':').map(Number);
  return hours * 60 + minutes;
}

export function timeOf(minutes: number): string {
  const part = (value: number): string => String(value).padStart(2, '0');
  return `${part(Math.floor(minutes / 60) % 24)}:${part(minutes % 60)}`;
}

/** Whether hours end on the next day. */
export function isOverMidnight({ from, to }: Span): boolean {
  return minutesOf(to) <= minutesOf(from) && minutesOf(to) > 0;
}

/** `09:00–13:00, 14:00–18:00`, by the clock of the person. */
export function spansText(spans: readonly Span[], clock: (time: string) => string): string {
  return spans.map(({ from, to }) => `${clock(from)}–${clock(to)}`).join(', ');
}

function sameHours(one: readonly Span[], other: readonly Span[]): boolean {
  return one.length === other.length && one.every(({ from, to }, at) => from === other[at]?.from && to === other[at].to);
}

/** `Mon–Fri 09:00–18:00; Sat 10:00–15:00` by week. Of a round of shifts its days in order, `off` for those without hours. */
export function planText(plan: Plan, { language, clock }: Pick<Format, 'language' | 'clock'>, off: string): string {
  if (plan.kind === 'cycle') return plan.days.map((day) => (day.length === 0 ? off : spansText(day, clock))).join(' · ');
  const runs: { first: number; last: number; hours: Span[] }[] = [];
  plan.days.forEach((hours, day) => {
    const run = runs.at(-1);
    if (run !== undefined && run.last === day - 1 && sameHours(run.hours, hours)) run.last = day;
    else runs.push({ first: day, last: day, hours });
  });
  return runs
    .filter(({ hours }) => hours.length > 0)
    .map(({ first, last, hours }) => {
      const days = first === last ? [first] : [first, last];
      return `${days.map((day) => dayName(day, language, 'short')).join('–')} ${spansText(hours, clock)}`;
    })
    .join('; ');
}

/** Hours of a week by the wall clock; of a round on an average week. */
export function weeklyMinutes(plan: Plan): number {
  const length = ({ from, to }: Span): number => (minutesOf(to) - minutesOf(from) + 1_440 - 1) % 1_440 + 1;
  const total = plan.days.flat().reduce((sum, span) => sum + length(span), 0);
  return Math.round((total * 7) / Math.max(plan.days.length, 1));
}

/** The next hours of a day: behind a break of an hour, at most to midnight. */
export function nextSpan(spans: readonly Span[]): Span {
  const last = spans.at(-1);
  if (last === undefined) return { from: '09:00', to: '18:00' };
  const from = Math.min(minutesOf(last.to) + 60, 1_380);
  return { from: timeOf(from), to: timeOf(Math.min(from + 240, 1_440)) };
}
