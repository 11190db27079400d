/** Dates, times, numbers and money as people write and read them: the only place that knows their forms. All other inputs are those of the API. */

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
const NUMBER_SIGNS: Readonly<Record<NumberFormat, { group: string; decimal: string }>> = {
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

/** Digits after the point of a currency: 2 for UAH, 0 for JPY. Unknown codes count as 2. */
export function currencyDecimals(currency: string): number {
  try {
    return new Intl.NumberFormat('en', { style: 'currency', currency }).resolvedOptions().maximumFractionDigits ?? 2;
  } catch {
    return 2;
  }
}

/** `₴ 184 000` from minor units; decimals are shown only when there are any. */
export function formatMoney(amount: number, currency: string, formats: Formats): string {
  const decimals = currencyDecimals(currency);
  const value = amount / 10 ** decimals;
  const fraction = Number.isInteger(value) ? 0 : decimals;
  return `${currencySign(currency)}\u00a0${written(value, formats, { minimumFractionDigits: fraction, maximumFractionDigits: fraction })}`;
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

/** Words of which one is meant: "one, two or three". */
export function formatChoice(words: readonly string[], language: string): string {
  return new Intl.ListFormat(language, { type: 'disjunction' }).format(words);
}

/** "one, two and three". */
export function formatList(words: readonly string[], language: string): string {
  return new Intl.ListFormat(language, { type: 'conjunction' }).format(words);
}
