/** A condition in the JSON form of the filter language, as the server explains filters with, to the shape that chips show. */
import { readOperator, type FilterCondition, type FilterValue } from './filter-text';

/** `{"field": "addresses.city", "op": "=", "value": "Київ"}` */
export interface JsonCondition {
  field: string;
  op: string;
  value?: unknown;
}

const MINUTES = { d: 1440, h: 60, m: 1 } as const;

function offset(count: number, unit: string): string {
  return count === 0 ? '' : ` ${count < 0 ? '-' : '+'} ${Math.abs(count)}${unit}`;
}

/** `{"now": {"offset_minutes": -120}}` is `now - 2h`: the largest unit that fits. */
function minutes(count: number): string {
  const unit = (['d', 'h', 'm'] as const).find((candidate) => count % MINUTES[candidate] === 0) ?? 'm';
  return offset(count / MINUTES[unit], unit);
}

function readValue(value: unknown): FilterValue {
  if (typeof value === 'string') return { form: 'text', text: value };
  if (typeof value !== 'object' || value === null) return { form: 'bare', text: String(value) };
  const { date, instant, today, now } = value as { date?: string; instant?: string; today?: { offset_days?: number }; now?: { offset_minutes?: number } };
  if (date !== undefined) return { form: 'bare', text: date };
  if (instant !== undefined) return { form: 'bare', text: instant };
  if (today !== undefined) return { form: 'bare', text: `today${offset(today.offset_days ?? 0, 'd')}` };
  if (now !== undefined) return { form: 'bare', text: `now${minutes(now.offset_minutes ?? 0)}` };
  return { form: 'bare', text: 'me' };
}

/** Null for an operator that the page does not know. */
export function readCondition({ field, op, value }: JsonCondition): FilterCondition | null {
  const operator = readOperator(op);
  if (operator === undefined) return null;
  const [name = '', part = null] = field.split('.');
  const values = value === undefined || value === null ? [] : Array.isArray(value) ? (value as unknown[]) : [value];
  return { field: name, part, operator, values: values.map(readValue) };
}
