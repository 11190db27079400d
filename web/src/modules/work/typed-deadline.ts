/** A deadline typed into the title of a task: `позвонить завтра 15:00`, `call on friday at 9`, `звіт 25.11`. In all three languages at once. */
import { dayAhead } from '@/fields/date_time/quick-days';
import { dayOf, type Formats } from '@/util/format';
import { instantOf, parseClock, parseDate } from '@/util/read-format';

export interface TypedTask {
  title: string;
  /** `YYYY-MM-DD`; null where no day was typed. */
  day: string | null;
  /** `HH:MM`; null where no time was typed. */
  time: string | null;
}

const DAYS: readonly (readonly [RegExp, number])[] = [
  [/^(today|сегодня|сьогодні)$/, 0],
  [/^(tomorrow|завтра)$/, 1],
  [/^(послезавтра|післязавтра)$/, 2],
];
/** Monday first. */
const WEEKDAYS = [
  /^(monday|mon|понедельник|пн|понеділок)$/,
  /^(tuesday|tue|вторник|вт|вівторок)$/,
  /^(wednesday|wed|среду|среда|ср|середу|середа)$/,
  /^(thursday|thu|четверг|чт|четвер)$/,
  /^(friday|fri|пятницу|пятница|пт|п[’'ʼ]ятницю|п[’'ʼ]ятниця)$/,
  /^(saturday|sat|субботу|суббота|сб|суботу|субота)$/,
  /^(sunday|sun|воскресенье|вс|неділю|неділя|нд)$/,
];
/** Words before a day or a time that go with it. */
const BEFORE = /^(on|at|by|в|во|у|к|на|до|о|об)$/;
const IN = /^(in|через|за)$/;
const UNIT = /^(day|days|день|дня|дней|дні|днів)$/;
const WEEK = /^(week|weeks|неделю|недели|недель|тиждень|тижні|тижнів)$/;

/** The words at the end of a line that say when, and what stands before them. */
export function typedTask(line: string, formats: Formats, timeZone?: string, now: Date = new Date()): TypedTask {
  const words = line.trim().split(/\s+/);
  let [day, time]: [string | null, string | null] = [null, null];
  // From the end, one expression at a time; the first word is always the title.
  for (;;) {
    const last = words.at(-1)?.toLowerCase() ?? '';
    const before = words.at(-2)?.toLowerCase() ?? '';
    const third = words.at(-3)?.toLowerCase() ?? '';
    const clock = /[:.]\d\d$/.test(last) || (BEFORE.test(before) && /^\d{1,2}$/.test(last)) ? parseClock(last.replace('.', ':')) : null;
    let taken = 0;
    const found: string | null = day === null ? dayIn(last, formats, timeZone, now) : null;
    if (found !== null) [day, taken] = [found, 1];
    else if (day === null && IN.test(third) && /^\d{1,3}$/.test(before) && (UNIT.test(last) || WEEK.test(last))) {
      [day, taken] = [dayAhead(Number(before) * (WEEK.test(last) ? 7 : 1), timeZone, now), 3];
    } else if (day === null && IN.test(before) && WEEK.test(last)) [day, taken] = [dayAhead(7, timeZone, now), 2];
    else if (time === null && clock !== null) [time, taken] = [clock, 1];
    if (taken === 1 && BEFORE.test(before)) taken = 2;
    if (taken === 0 || taken >= words.length) {
      // Nothing but a deadline is no task: then it is the title after all.
      if (taken > 0) return { title: line.trim(), day: null, time: null };
      return { title: words.join(' '), day, time };
    }
    words.splice(-taken);
  }
}

function dayIn(word: string, formats: Formats, timeZone: string | undefined, now: Date): string | null {
  const ahead = DAYS.find(([words]) => words.test(word))?.[1];
  if (ahead !== undefined) return dayAhead(ahead, timeZone, now);
  const today = dayOf(now, timeZone);
  const weekday = WEEKDAYS.findIndex((words) => words.test(word));
  if (weekday !== -1) {
    const current = (new Date(`${today}T00:00:00Z`).getUTCDay() + 6) % 7;
    return dayAhead((weekday - current + 7) % 7 || 7, timeZone, now);
  }
  const whole = parseDate(word, formats);
  if (whole !== null) return whole;
  // A date without its year is the next one.
  if (!/^\d{1,2}[./]\d{1,2}$/.test(word)) return null;
  const year = Number(today.slice(0, 4));
  const days = [year, year + 1].map((candidate) => parseDate(`${word.replace('/', '.')}.${candidate}`, formats));
  return days.find((day) => day !== null && day >= today) ?? null;
}

/** The end of the working day, where only a day was typed. */
const END_OF_WORK = '18:00';

/** The deadline of a typed task: today unless another day was typed; null only when that is past. */
export function deadlineOf({ day, time }: TypedTask, timeZone?: string, now: Date = new Date()): string {
  const today = dayOf(now, timeZone);
  const at = instantOf(day ?? today, time ?? END_OF_WORK, timeZone);
  if (day !== null || new Date(at) > now) return at;
  // Too late for today: of a time the next one is meant, of a day what is left of it.
  return time === null ? instantOf(today, '23:59', timeZone) : instantOf(dayAhead(1, timeZone, now), time, timeZone);
}
