/** Which counters a type has: what is under way, what was won and lost, by whose it is. */
import type { RecordFigure } from '@/api/figures';
import type { Field, ObjectType } from '@/api/types';
import { bothFilters } from '@/util/filter-text';
import { isDay } from '@/util/read-format';

export const PERIODS = ['month', 'last_month', 'quarter', 'last_quarter', 'year', 'all', 'own'] as const;
export type PeriodName = (typeof PERIODS)[number];

/** First and last day (`YYYY-MM-DD`) of a period; what is absent is open. */
export interface Span {
  from?: string;
  to?: string;
}

/** A period by its name, or from one day to another. */
export type Period = Exclude<PeriodName, 'own'> | Span;

export const COUNTERS = ['created', 'planned', 'open', 'won', 'lost'] as const;
export type Counter = (typeof COUNTERS)[number];

/** The fields that the counters of a type are made of. */
export interface Counted {
  sum: Field;
  state: Field;
  by: Field;
  /** The day on which one is over; null where none is noted. */
  closed: string | null;
  /** The day by which one is expected to be. */
  expected: string | null;
}

/** Of a type whose amounts are more or less sure, whose records are won or lost, and have somebody who answers for them. */
export function countedOf(type: ObjectType): Counted | null {
  const live = type.fields.filter((field) => !field.is_retired && field.is_filterable);
  const sum = live.find((field) => field.kind === 'money' && field.settings.weighted_by != null);
  const state = live.find((field) => field.kind === 'choice' && field.settings.meanings?.includes('won') === true);
  const by = live.find((field) => field.kind === 'reference' && field.settings.target === 'user' && field.group !== 'system');
  if (sum === undefined || state === undefined || by === undefined) return null;
  const day = (name: string | null | undefined): string | null => live.find((field) => field.name === name && field.kind === 'date')?.name ?? null;
  return { sum, state, by, closed: day(sum.settings.dated_by), expected: live.find((field) => field.kind === 'date' && field.overdue_if != null)?.name ?? null };
}

const two = (number: number): string => String(number).padStart(2, '0');

/** A period as it stands in the address: its name, or `2026-01-01..2026-03-31` with either day left out. */
export function readPeriod(text: string | undefined): Period {
  const [from = '', to] = (text ?? '').split('..');
  if (to === undefined) return PERIODS.find((name): name is Exclude<PeriodName, 'own'> => name === text && name !== 'own') ?? 'month';
  return { ...(isDay(from) ? { from } : {}), ...(isDay(to) ? { to } : {}) };
}

export function writePeriod(period: Period): string {
  return typeof period === 'string' ? period : `${period.from ?? ''}..${period.to ?? ''}`;
}

/** The first day lies behind the last one: such a period has no day. */
export function isUpsideDown(period: Period): boolean {
  return typeof period !== 'string' && period.from !== undefined && period.to !== undefined && period.from > period.to;
}

/** First and last day of a period, seen from a day (`YYYY-MM-DD`); nothing of both for all time. */
export function bounds(period: Period, today: string): Span {
  if (typeof period !== 'string') return period;
  if (period === 'all') return {};
  const [year = 0, month = 1] = today.split('-').map(Number);
  const quarter = month - ((month - 1) % 3);
  const spans = { month: [month, month], last_month: [month - 1, month - 1], quarter: [quarter, quarter + 2], last_quarter: [quarter - 3, quarter - 1], year: [1, 12] };
  const [first, last] = spans[period] as [number, number];
  const day = (month: number, date: number): string => {
    const made = new Date(Date.UTC(year, month, date));
    return `${made.getUTCFullYear()}-${two(made.getUTCMonth() + 1)}-${two(made.getUTCDate())}`;
  };
  return { from: day(first - 1, 1), to: day(last, 0) };
}

/** What a counter counts, as a filter; undefined when that is everything. */
export function counterFilter(counter: Counter, { state, closed, expected }: Counted, period: Period, today: string): string | undefined {
  const { from, to } = bounds(period, today);
  const within = (field: string | null): string | undefined => {
    const ends = field === null ? [] : [from === undefined ? '' : `${field} >= ${from}`, to === undefined ? '' : `${field} <= ${to}`];
    return ends.filter(Boolean).join(' and ') || undefined;
  };
  const means = (meaning: string): string => `${state.name}.meaning = ${meaning}`;
  switch (counter) {
    case 'created':
      return within('created_at');
    case 'planned':
      return bothFilters(means('open'), expected === null ? undefined : (within(expected) ?? `${expected} is not empty`));
    case 'open':
      return means('open');
    case 'won':
    case 'lost':
      return bothFilters(means(counter), within(closed));
  }
}

export interface FigureRow {
  key: string;
  id: number | null;
  title: string;
  of: Partial<Record<Counter, RecordFigure>>;
}

/** The figures of all counters, a row for each person; whose name is not told stands last. */
export function figureRows(found: Readonly<Partial<Record<Counter, readonly RecordFigure[]>>>): FigureRow[] {
  const rows = new Map<string, FigureRow>();
  for (const counter of COUNTERS) {
    for (const figure of found[counter] ?? []) {
      const key = String(figure.reference?.id ?? '');
      const row = rows.get(key) ?? { key, id: figure.reference?.id ?? null, title: figure.reference?.title ?? '', of: {} };
      row.of[counter] = figure;
      rows.set(key, row);
    }
  }
  return [...rows.values()].sort((one, other) => Number(one.title === '') - Number(other.title === '') || one.title.localeCompare(other.title));
}

/** What they come to on average; null for none, and where it is not known what all of them come to. */
export function average(figure: RecordFigure | undefined): number | null {
  const total = figure?.total.converted;
  return total == null || total.amount === null || total.count === 0 ? null : Math.round(total.amount / total.count);
}
