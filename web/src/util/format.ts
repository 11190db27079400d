/** Formatting of dates, numbers and money by the language of the page. All inputs are those of the API. */

const LOCALES: Readonly<Record<string, string>> = { ru: 'ru-RU', uk: 'uk-UA', en: 'en-GB' };

function localeOf(language: string): string {
  return LOCALES[language] ?? 'en-GB';
}

const cache = new Map<string, Intl.DateTimeFormat | Intl.NumberFormat>();

function dateFormat(language: string, key: string, options: Intl.DateTimeFormatOptions): Intl.DateTimeFormat {
  const id = `${language}/${key}/${options.timeZone ?? ''}`;
  const known = cache.get(id);
  if (known instanceof Intl.DateTimeFormat) return known;
  const made = new Intl.DateTimeFormat(localeOf(language), options);
  cache.set(id, made);
  return made;
}

/** `2026-11-22` → `22.11.2026` (en: `22/11/2026`). Text that is no date comes back as it is. */
export function formatDate(date: string, language: string): string {
  const match = /^(\d{4})-(\d{2})-(\d{2})/.exec(date);
  if (match === null) return date;
  const [, year = '', month = '', day = ''] = match;
  return [day, month, year].join(language === 'en' ? '/' : '.');
}

/** Reads what people type as a date (`22.11.2026`, `22/11/26`, `2026-11-22`); null if it is none. */
export function parseDate(text: string): string | null {
  const trimmed = text.trim();
  const iso = /^(\d{4})-(\d{1,2})-(\d{1,2})$/.exec(trimmed);
  const local = /^(\d{1,2})[./\s-](\d{1,2})[./\s-](\d{4}|\d{2})$/.exec(trimmed);
  const parts = iso !== null ? [iso[1], iso[2], iso[3]] : local !== null ? [local[3], local[2], local[1]] : null;
  if (parts === null) return null;
  const [yearText = '', monthText = '', dayText = ''] = parts;
  const year = yearText.length === 2 ? Number(yearText) + (Number(yearText) > 40 ? 1900 : 2000) : Number(yearText);
  const date = new Date(Date.UTC(year, Number(monthText) - 1, Number(dayText)));
  if (date.getUTCMonth() !== Number(monthText) - 1 || date.getUTCDate() !== Number(dayText)) return null;
  return date.toISOString().slice(0, 10);
}

/** The calendar day of an instant in a time zone, as `YYYY-MM-DD`. */
export function dayOf(instant: string | Date, timeZone?: string): string {
  const date = typeof instant === 'string' ? new Date(instant) : instant;
  const parts = dateFormat('en', 'day', { year: 'numeric', month: '2-digit', day: '2-digit', timeZone }).formatToParts(date);
  const part = (type: string): string => parts.find((entry) => entry.type === type)?.value ?? '';
  return `${part('year')}-${part('month')}-${part('day')}`;
}

/** `09:58` in the given time zone. */
export function formatTime(instant: string, language: string, timeZone?: string): string {
  return dateFormat(language, 'time', { hour: '2-digit', minute: '2-digit', hourCycle: 'h23', timeZone }).format(new Date(instant));
}

/** `22.11.2026, 09:58`. Text that is no instant comes back as it is. */
export function formatInstant(instant: string, language: string, timeZone?: string): string {
  if (Number.isNaN(Date.parse(instant))) return instant;
  return `${formatDate(dayOf(instant, timeZone), language)}, ${formatTime(instant, language, timeZone)}`;
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
export function formatRecent(instant: string, language: string, now: Date = new Date(), timeZone?: string): string {
  if (Number.isNaN(Date.parse(instant))) return instant;
  const day = dayOf(instant, timeZone);
  const word = recentDay(day, language, now, timeZone);
  return word === null ? formatDate(day, language) : `${word}, ${formatTime(instant, language, timeZone)}`;
}

/** A day as a heading: `сегодня`, `вчера`, else the date. */
export function formatDay(day: string, language: string, now: Date = new Date(), timeZone?: string): string {
  return recentDay(day, language, now, timeZone) ?? formatDate(day, language);
}

/** `12 480` with the separators of the language and at most `decimals` digits after the point. */
export function formatNumber(value: number, language: string, decimals = 6): string {
  const id = `${language}/number/${decimals}`;
  const known = cache.get(id);
  const format =
    known instanceof Intl.NumberFormat
      ? known
      : new Intl.NumberFormat(localeOf(language), { maximumFractionDigits: decimals });
  cache.set(id, format);
  return format.format(value);
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
export function formatMoney(amount: number, currency: string, language: string): string {
  const decimals = currencyDecimals(currency);
  const value = amount / 10 ** decimals;
  const fraction = Number.isInteger(value) ? 0 : decimals;
  const number = new Intl.NumberFormat(localeOf(language), {
    minimumFractionDigits: fraction,
    maximumFractionDigits: fraction,
  }).format(value);
  return `${currencySign(currency)}\u00a0${number}`;
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
 * Reads a number as people type it: spaces between thousands, a point or, outside English, a comma before the decimals.
 * In English a comma stands between thousands; where it could be either (`1,5`), it is refused. Null if it is none.
 */
export function parseNumber(text: string, language: string): number | null {
  const compact = text.replace(/[\s\u00a0\u202f']/g, '');
  const isGrouped = language === 'en' && /^[-+]?\d{1,3}(,\d{3})+(\.\d*)?$/.test(compact);
  const plain = isGrouped ? compact.replaceAll(',', '') : language === 'en' ? compact : compact.replace(',', '.');
  if (!/^[-+]?(\d+(\.\d*)?|\.\d+)$/.test(plain)) return null;
  const value = Number(plain);
  return Number.isFinite(value) ? value : null;
}

/** A number for a field in which it is changed: no thousands, the decimal sign of the language. */
export function editableNumber(text: string, language: string): string {
  return language === 'en' ? text : text.replace('.', ',');
}

/** `1,2 МБ`: the units are words of the page. */
export function formatBytes(bytes: number, language: string): string {
  const units = ['byte', 'kilobyte', 'megabyte', 'gigabyte'] as const;
  let value = bytes;
  let index = 0;
  while (value >= 1000 && index < units.length - 1) {
    value /= 1000;
    index += 1;
  }
  return new Intl.NumberFormat(localeOf(language), {
    style: 'unit',
    unit: units[index] ?? 'byte',
    unitDisplay: 'short',
    maximumFractionDigits: value < 10 && index > 0 ? 1 : 0,
  }).format(value);
}

/** The instant of a wall-clock time in a time zone: `2026-11-22`, `09:58` → RFC 3339 in UTC. */
export function instantOf(day: string, time: string, timeZone?: string): string {
  if (timeZone === undefined) return new Date(`${day}T${time}:00`).toISOString();
  // The offset is read at the wanted moment itself, then once more, because the first guess may lie across a change of the clocks.
  const wall = Date.parse(`${day}T${time}:00Z`);
  let guess = wall;
  for (let round = 0; round < 2; round += 1) {
    const shown = Date.parse(`${dayOf(new Date(guess), timeZone)}T${formatTime(new Date(guess).toISOString(), 'en', timeZone)}:00Z`);
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
