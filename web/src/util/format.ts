/**
 * Dates, times, numbers and money as people write them: the only place that knows their forms, beside `read-format.ts`, which reads them back.
 * All other inputs are those of the API.
 */

import { currencyDecimals } from './currencies';

const LOCALES: Readonly<Record<string, string>> = { ru: 'ru-RU', uk: 'uk-UA', en: 'en-GB' };

function localeOf(language: string): string {
  return LOCALES[language] ?? 'en-GB';
}

export const DATE_FORMATS = ['dd.mm.yyyy', 'dd/mm/yyyy', 'mm/dd/yyyy', 'yyyy-mm-dd'] as const;
export const TIME_FORMATS = ['24h', '12h'] as const;
export const WEEK_STARTS = ['monday', 'sunday', 'saturday'] as const;
export const NUMBER_FORMATS = ['space_comma', 'comma_point', 'point_comma'] as const;

export type DateFormat = (typeof DATE_FORMATS)[number];
export type TimeFormat = (typeof TIME_FORMATS)[number];
export type WeekStart = (typeof WEEK_STARTS)[number];
export type NumberFormat = (typeof NUMBER_FORMATS)[number];

/** What somebody has chosen, or an installation; what is missing is left to whoever comes next. */
export interface FormatChoice {
  date?: DateFormat | 'by_language' | null;
  time?: TimeFormat | null;
  week_start?: WeekStart | 'by_language' | null;
  numbers?: NumberFormat | 'by_language' | null;
}

/** The forms that hold for one person. */
export interface Formats {
  language: string;
  date: DateFormat;
  time: TimeFormat;
  weekStart: WeekStart;
  numbers: NumberFormat;
}

/** The first choice that says something; "by language" says something, too. */
export function formatsOf(language: string, ...choices: readonly (FormatChoice | undefined)[]): Formats {
  const first = <Key extends keyof FormatChoice>(key: Key): FormatChoice[Key] => choices.find((choice) => choice?.[key] != null)?.[key];
  const [date, weekStart, numbers] = [first('date') ?? 'by_language', first('week_start') ?? 'by_language', first('numbers') ?? 'by_language'];
  return {
    language,
    date: date !== 'by_language' ? date : language === 'en' ? 'dd/mm/yyyy' : 'dd.mm.yyyy',
    time: first('time') ?? '24h',
    weekStart: weekStart === 'by_language' ? 'monday' : weekStart,
    numbers: numbers !== 'by_language' ? numbers : language === 'en' ? 'comma_point' : 'space_comma',
  };
}

/** Between thousands, and before decimals. */
export const NUMBER_SIGNS: Readonly<Record<NumberFormat, { group: string; decimal: string }>> = {
  space_comma: { group: '\u00a0', decimal: ',' },
  comma_point: { group: ',', decimal: '.' },
  point_comma: { group: '.', decimal: ',' },
};

const cache = new Map<string, Intl.DateTimeFormat | Intl.NumberFormat>();

function dateFormat(key: string, options: Intl.DateTimeFormatOptions): Intl.DateTimeFormat {
  const id = `${key}/${options.timeZone ?? ''}`;
  const known = cache.get(id);
  if (known instanceof Intl.DateTimeFormat) return known;
  const made = new Intl.DateTimeFormat('en-GB', options);
  cache.set(id, made);
  return made;
}

/** A number by the signs of the person; words of the unit, if there is one, are those of the language. */
function written(value: number, { language, numbers }: Formats, options: Intl.NumberFormatOptions): string {
  const id = `${language}/${JSON.stringify(options)}`;
  const known = cache.get(id);
  const format = known instanceof Intl.NumberFormat ? known : new Intl.NumberFormat(localeOf(language), options);
  cache.set(id, format);
  const signs = NUMBER_SIGNS[numbers];
  return format
    .formatToParts(value)
    .map(({ type, value: text }) => (type === 'group' ? signs.group : type === 'decimal' ? signs.decimal : text))
    .join('');
}

/** `2026-11-22` → `22.11.2026`. Text that is no date comes back as it is. */
export function formatDate(date: string, formats: Formats): string {
  const match = /^(\d{4})-(\d{2})-(\d{2})/.exec(date);
  if (match === null) return date;
  const [, yyyy = '', mm = '', dd = ''] = match;
  return formats.date.replace('yyyy', yyyy).replace('mm', mm).replace('dd', dd);
}

/** The calendar day of an instant in a time zone, as `YYYY-MM-DD`. */
export function dayOf(instant: string | Date, timeZone?: string): string {
  const date = typeof instant === 'string' ? new Date(instant) : instant;
  const parts = dateFormat('day', { year: 'numeric', month: '2-digit', day: '2-digit', timeZone }).formatToParts(date);
  const part = (type: string): string => parts.find((entry) => entry.type === type)?.value ?? '';
  return `${part('year')}-${part('month')}-${part('day')}`;
}

/** The wall clock of an instant, `HH:MM` whatever the person has chosen: what inputs hold. */
export function clockOf(instant: string, timeZone?: string): string {
  return dateFormat('clock', { hour: '2-digit', minute: '2-digit', hourCycle: 'h23', timeZone }).format(new Date(instant));
}

/** A time of a day: `16:05` as it is, or `4:05 PM`. Midnight at the end of a day is `24:00`. */
export function formatClock(clock: string, formats: Formats): string {
  const match = /^(\d{2}):(\d{2})$/.exec(clock);
  if (match === null || formats.time === '24h') return clock;
  const hour = Number(match[1]) % 24;
  return `${hour % 12 === 0 ? 12 : hour % 12}:${match[2] ?? ''}\u00a0${hour < 12 ? 'AM' : 'PM'}`;
}

/** `09:58` in the given time zone. */
export function formatTime(instant: string, formats: Formats, timeZone?: string): string {
  return formatClock(clockOf(instant, timeZone), formats);
}

/** `22.11.2026, 09:58`. Text that is no instant comes back as it is. */
export function formatInstant(instant: string, formats: Formats, timeZone?: string): string {
  if (Number.isNaN(Date.parse(instant))) return instant;
  return `${formatDate(dayOf(instant, timeZone), formats)}, ${formatTime(instant, formats, timeZone)}`;
}

/** How many calendar days ago a day was; negative for days to come. Both are `YYYY-MM-DD`. */
export function daysBetween(day: string, today: string): number {
  return Math.round((Date.parse(today) - Date.parse(day)) / 86_400_000);
}

/** `сегодня` or `вчера`; null for other days. */
function recentDay(day: string, language: string, now: Date, timeZone?: string): string | null {
  const ago = daysBetween(day, dayOf(now, timeZone));
  if (ago !== 0 && ago !== 1) return null;
  return new Intl.RelativeTimeFormat(localeOf(language), { numeric: 'auto' }).format(-ago, 'day');
}

/** `сегодня, 09:58`, `вчера, 18:30`, else the date. */
export function formatRecent(instant: string, formats: Formats, now: Date = new Date(), timeZone?: string): string {
  if (Number.isNaN(Date.parse(instant))) return instant;
  const day = dayOf(instant, timeZone);
  const word = recentDay(day, formats.language, now, timeZone);
  return word === null ? formatDate(day, formats) : `${word}, ${formatTime(instant, formats, timeZone)}`;
}

/** A day as a heading: `сегодня`, `вчера`, else the date. */
export function formatDay(day: string, formats: Formats, now: Date = new Date(), timeZone?: string): string {
  return recentDay(day, formats.language, now, timeZone) ?? formatDate(day, formats);
}

/** `12 480` with at most `decimals` digits after the point. */
export function formatNumber(value: number, formats: Formats, decimals = 6): string {
  return written(value, formats, { maximumFractionDigits: decimals });
}

/** `12 тыс.`, where there is no room for more. */
export function formatCompact(value: number, formats: Formats): string {
  return written(value, formats, { notation: 'compact', maximumFractionDigits: 0 });
}

/** `4 часа`. */
export function formatLength(value: number, unit: 'minute' | 'hour' | 'day', formats: Formats): string {
  return written(value, formats, { style: 'unit', unit, unitDisplay: 'long' });
}

/** Whether a language writes the sign of a currency behind the amount, as Russian and Ukrainian do. */
function isSignBehind(language: string): boolean {
  const parts = new Intl.NumberFormat(language, { style: 'currency', currency: 'EUR' }).formatToParts(1);
  return parts.findIndex(({ type }) => type === 'currency') > parts.findIndex(({ type }) => type === 'integer');
}

/** `184 000 ₴`, in English `₴ 184,000`, from minor units; decimals are shown only when there are any. */
export function formatMoney(amount: number, currency: string, formats: Formats): string {
  const decimals = currencyDecimals(currency);
  const value = amount / 10 ** decimals;
  const fraction = Number.isInteger(value) ? 0 : decimals;
  const number = written(value, formats, { minimumFractionDigits: fraction, maximumFractionDigits: fraction });
  const parts = [number, currencySign(currency)];
  return (isSignBehind(formats.language) ? parts : parts.reverse()).join('\u00a0');
}

/** `UAH · украинская гривна`; only the code where the browser knows no name. */
export function currencyName(currency: string, language: string): string {
  try {
    const name = new Intl.DisplayNames([language], { type: 'currency' }).of(currency) ?? currency;
    return name === currency ? currency : `${currency} · ${name}`;
  } catch {
    return currency;
  }
}

/** The narrow sign of a currency, else its code. */
export function currencySign(currency: string): string {
  try {
    const parts = new Intl.NumberFormat('en', { style: 'currency', currency, currencyDisplay: 'narrowSymbol' }).formatToParts(0);
    return parts.find((part) => part.type === 'currency')?.value ?? currency;
  } catch {
    return currency;
  }
}

/** `1,2 МБ`: the units are words of the page. */
export function formatBytes(bytes: number, formats: Formats): string {
  const units = ['byte', 'kilobyte', 'megabyte', 'gigabyte'] as const;
  let value = bytes;
  let index = 0;
  while (value >= 1000 && index < units.length - 1) {
    value /= 1000;
    index += 1;
  }
  return written(value, formats, {
    style: 'unit',
    unit: units[index] ?? 'byte',
    unitDisplay: 'short',
    maximumFractionDigits: value < 10 && index > 0 ? 1 : 0,
  });
}

/** Words of which one is meant: "one, two or three". */
export function formatChoice(words: readonly string[], language: string): string {
  return new Intl.ListFormat(language, { type: 'disjunction' }).format(words);
}

/** "one, two and three". */
export function formatList(words: readonly string[], language: string): string {
  return new Intl.ListFormat(language, { type: 'conjunction' }).format(words);
}
