/** A rule of repetition as the API has it (RFC 5545), taken apart for screens. The server judges; what is not understood here stays as it was typed. */
export const WEEKDAYS = ['MO', 'TU', 'WE', 'TH', 'FR', 'SA', 'SU'] as const;
export type Weekday = (typeof WEEKDAYS)[number];
export type Frequency = 'DAILY' | 'WEEKLY' | 'MONTHLY' | 'YEARLY';
export const FREQUENCIES: readonly Frequency[] = ['DAILY', 'WEEKLY', 'MONTHLY', 'YEARLY'];

export interface Rule {
  frequency: Frequency;
  interval: number;
  /** Days of the week, of a month with the number of the week; 0 without one. */
  days: { week: number; day: Weekday }[];
  monthDays: number[];
  count: number | null;
  /** `YYYY-MM-DD`. */
  until: string | null;
}

/** The days from Monday to Friday. */
export const WORKING_DAYS = WEEKDAYS.slice(0, 5).map((day) => ({ week: 0, day }));

function isWeekday(text: string): text is Weekday {
  return WEEKDAYS.some((day) => day === text);
}

/** The parts of a rule; null for what is none, or says more than the screens can show. */
export function parseRule(text: string): Rule | null {
  const rule: Rule = { frequency: 'DAILY', interval: 1, days: [], monthDays: [], count: null, until: null };
  let hasFrequency = false;
  for (const part of text.split(';')) {
    const [name = '', value = ''] = part.split('=');
    const frequency = FREQUENCIES.find((one) => one === value);
    if (name === 'FREQ' && frequency !== undefined) {
      rule.frequency = frequency;
      hasFrequency = true;
    } else if (name === 'INTERVAL') rule.interval = Number(value);
    else if (name === 'COUNT') rule.count = Number(value);
    else if (name === 'BYMONTHDAY') rule.monthDays = value.split(',').map(Number);
    else if (name === 'UNTIL' && /^\d{8}/.test(value)) rule.until = `${value.slice(0, 4)}-${value.slice(4, 6)}-${value.slice(6, 8)}`;
    else if (name === 'BYDAY') {
      for (const one of value.split(',')) {
        const day = one.slice(-2);
        if (!isWeekday(day)) return null;
        rule.days.push({ week: Number(one.slice(0, -2)), day });
      }
    } else return null;
  }
  return hasFrequency && Number.isInteger(rule.interval) ? rule : null;
}

export function printRule({ frequency, interval, days, monthDays, count, until }: Rule): string {
  const parts = [`FREQ=${frequency}`];
  if (interval > 1) parts.push(`INTERVAL=${interval}`);
  const inOrder = [...days].sort((one, other) => one.week - other.week || WEEKDAYS.indexOf(one.day) - WEEKDAYS.indexOf(other.day));
  if (days.length > 0) parts.push(`BYDAY=${inOrder.map(({ week, day }) => `${week === 0 ? '' : week}${day}`).join(',')}`);
  if (monthDays.length > 0) parts.push(`BYMONTHDAY=${monthDays.join(',')}`);
  if (count !== null) parts.push(`COUNT=${count}`);
  else if (until !== null) parts.push(`UNTIL=${until.replaceAll('-', '')}`);
  return parts.join(';');
}

/** Whether a rule is on the days from Monday to Friday. */
export function isOnWorkingDays({ frequency, days }: Rule): boolean {
  return frequency === 'WEEKLY' && days.length === 5 && WORKING_DAYS.every(({ day }) => days.some((other) => other.day === day));
}
