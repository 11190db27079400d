/** When a task of a template is due, in words: `in 1 working day, 18:00`, `2 days before the date`. */
import type { TFunction } from 'i18next';
import type { Values } from '@/api/types';
import { asText } from '@/fields/values';

export const UNITS = ['day', 'working_day', 'hour'] as const;
export type Unit = (typeof UNITS)[number];

export function unitOf(value: unknown): Unit {
  return UNITS.find((unit) => unit === value) ?? 'working_day';
}

/** The sign of an offset is a word of its own, so that zero days before a date are still before it while they are typed. */
export function numberOfOffset(value: unknown): number | null {
  const number = typeof value === 'number' ? value : typeof value === 'string' && value !== '' ? Number(value) : Number.NaN;
  return Number.isFinite(number) ? Math.round(number) : null;
}

export function whenText(t: TFunction<'work'>, clock: (text: string) => string, values: Values): string {
  const amount = numberOfOffset(values.deadline_offset) ?? 0;
  const unit = unitOf(values.deadline_unit);
  const isOfDate = values.counts_from === 'date';
  const count = Math.abs(amount);
  const length = t(`work:templates.units.${unit}`, { count });
  const time = asText(values.deadline_time);
  const words =
    amount === 0 && unit !== 'hour'
      ? t(isOfDate ? 'templates.when.same_date' : 'templates.when.same_day')
      : amount < 0
        ? t(isOfDate ? 'templates.when.before_date' : 'templates.when.before_day', { length })
        : t(isOfDate ? 'templates.when.after_date' : 'templates.when.after_day', { length });
  return time === '' || unit === 'hour' ? words : `${words}, ${clock(time)}`;
}
