/** Reads what people type as dates, times and numbers; apart from `format.ts`, because a page is first only looked at. */
import { clockOf, dayOf, NUMBER_SIGNS, type Formats } from './format';

/** The form of a date in the letters of the language: `дд.мм.гггг`. */
export function datePattern(letters: { day: string; month: string; year: string }, formats: Formats): string {
  return formats.date.replace('yyyy', letters.year).replace('mm', letters.month).replace('dd', letters.day);
}

/** Whether a text is a day of the calendar, `YYYY-MM-DD`. */
export function isDay(text: string): boolean {
  return /^\d{4}-\d{2}-\d{2}$/.test(text) && dayFrom(text.slice(0, 4), text.slice(5, 7), text.slice(8)) !== null;
}

function dayFrom(yearText: string, monthText: string, dayText: string): string | null {
  const short = Number(yearText);
  const year = yearText.length === 2 ? short + (short > 40 ? 1900 : 2000) : short;
  const date = new Date(Date.UTC(year, Number(monthText) - 1, Number(dayText)));
  if (date.getUTCMonth() !== Number(monthText) - 1 || date.getUTCDate() !== Number(dayText)) return null;
  return date.toISOString().slice(0, 10);
}

/**
 * Reads what people type as a date (`22.11.2026`, `22/11/26`); null if it is none. Whether the day or the month comes first is the choice of the
 * person; a year of four digits in front is the same for all.
 */
export function parseDate(text: string, formats: Formats): string | null {
  const match = /^(\d{4}|\d{1,2})[./\s-](\d{1,2})[./\s-](\d{4}|\d{1,2})$/.exec(text.trim());
  if (match === null) return null;
  const [, first = '', second = '', third = ''] = match;
  const isYearFirst = first.length === 4 || (formats.date === 'yyyy-mm-dd' && third.length < 4);
  if (isYearFirst) return third.length === 4 || first.length === 1 ? null : dayFrom(first, second, third);
  if (third.length === 1) return null;
  return formats.date === 'mm/dd/yyyy' ? dayFrom(third, first, second) : dayFrom(third, second, first);
}

/** Reads what people type as a time of a day, by either clock: `9`, `9:05`, `9.05`, `0905`, `4:05 pm`; `HH:MM`, or null if it is none. */
export function parseClock(text: string): string | null {
  const match = /^(\d{1,2})(?:[:.]?(\d{2}))?\s*(am|pm|a|p)?$/.exec(text.trim().toLowerCase().replaceAll('\u00a0', ' '));
  if (match === null) return null;
  const [, hourText = '', minute = '00', half] = match;
  const hour = Number(hourText);
  if (Number(minute) > 59 || hour > 23 || (half !== undefined && (hour === 0 || hour > 12))) return null;
  const ofDay = half === undefined ? hour : (hour % 12) + (half.startsWith('p') ? 12 : 0);
  return `${String(ofDay).padStart(2, '0')}:${minute}`;
}

/** Reads what people type as a day with a time behind it: `22.11.2026 14:30`; null if it is none. */
export function parseDayAndClock(text: string, formats: Formats): { day: string; clock: string } | null {
  const match = /^(\S+?),?\s+(\d.*)$/.exec(text.trim());
  if (match === null) return null;
  const [day, clock] = [parseDate(match[1] ?? '', formats), parseClock(match[2] ?? '')];
  return day === null || clock === null ? null : { day, clock };
}

/**
 * Reads a number as people type it: spaces between thousands, and the signs that the person has chosen. Where a sign could be either, between thousands
 * or before decimals (`1,5` beside `1,234.56`), it is refused; with spaces between thousands a point is a comma. Null if it is none.
 */
export function parseNumber(text: string, formats: Formats): number | null {
  const compact = text.replace(/[\s\u00a0\u202f']/g, '');
  const plain = {
    space_comma: () => compact.replace(',', '.'),
    comma_point: () => (/^[-+]?\d{1,3}(,\d{3})+(\.\d*)?$/.test(compact) ? compact.replaceAll(',', '') : compact),
    point_comma: () => (/^[-+]?\d{1,3}(\.\d{3})+(,\d*)?$/.test(compact) ? compact.replaceAll('.', '') : compact.replaceAll('.', 'x')).replace(',', '.'),
  }[formats.numbers]();
  if (!/^[-+]?(\d+(\.\d*)?|\.\d+)$/.test(plain)) return null;
  const value = Number(plain);
  return Number.isFinite(value) ? value : null;
}

/** A number for a field in which it is changed: no thousands, the decimal sign of the person. */
export function editableNumber(text: string, formats: Formats): string {
  return text.replace('.', NUMBER_SIGNS[formats.numbers].decimal);
}

/** The instant of a wall-clock time in a time zone: `2026-11-22`, `09:58` → RFC 3339 in UTC. */
export function instantOf(day: string, time: string, timeZone?: string): string {
  if (timeZone === undefined) return new Date(`${day}T${time}:00`).toISOString();
  // The offset is read at the wanted moment itself, then once more, because the first guess may lie across a change of the clocks.
  const wall = Date.parse(`${day}T${time}:00Z`);
  let guess = wall;
  for (let round = 0; round < 2; round += 1) {
    const shown = Date.parse(`${dayOf(new Date(guess), timeZone)}T${clockOf(new Date(guess).toISOString(), timeZone)}:00Z`);
    guess += wall - shown;
  }
  return new Date(guess).toISOString();
}
