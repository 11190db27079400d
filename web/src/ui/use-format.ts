import { createContext, use, useMemo } from 'react';
import { useTranslation } from 'react-i18next';
import * as text from '@/util/format';
import { labelIn, type Labels } from '@/util/languages';

/** The time zone of the person; undefined means that of the device. */
export const TimeZone = createContext<string | undefined>(undefined);

/** What the person has chosen of the formats, then what the installation has. */
export const ChosenFormats = createContext<readonly text.FormatChoice[]>([]);

export interface Format {
  language: string;
  timeZone: string | undefined;
  weekStart: text.WeekStart;
  /** For what reads: `util/read-format.ts`. */
  formats: text.Formats;
  date: (date: string) => string;
  time: (instant: string) => string;
  /** A time of a day, given as `HH:MM`. */
  clock: (clock: string) => string;
  instant: (instant: string) => string;
  /** "today, 09:58", "yesterday, 18:30", else the date. */
  recent: (instant: string) => string;
  /** A day (`YYYY-MM-DD`) as a heading: "today", "yesterday", else the date. */
  day: (day: string) => string;
  number: (value: number, decimals?: number) => string;
  /** Where there is no room for all digits. */
  compact: (value: number) => string;
  /** "4 hours". */
  length: (value: number, unit: 'minute' | 'hour' | 'day') => string;
  money: (amount: number, currency: string) => string;
  bytes: (bytes: number) => string;
  /** "one, two or three". */
  choice: (words: readonly string[]) => string;
  /** "one, two and three". */
  list: (words: readonly string[]) => string;
  /** The label of the catalog in the language of the page. */
  label: (labels: Labels | undefined) => string;
}

/** Formatting in some formats and a time zone. */
export function formatIn(formats: text.Formats, timeZone?: string): Format {
  const { language } = formats;
  return {
    language,
    timeZone,
    weekStart: formats.weekStart,
    formats,
    date: (date) => text.formatDate(date, formats),
    time: (instant) => text.formatTime(instant, formats, timeZone),
    clock: (clock) => text.formatClock(clock, formats),
    instant: (instant) => text.formatInstant(instant, formats, timeZone),
    recent: (instant) => text.formatRecent(instant, formats, new Date(), timeZone),
    day: (day) => text.formatDay(day, formats, new Date(), timeZone),
    number: (value, decimals) => text.formatNumber(value, formats, decimals),
    compact: (value) => text.formatCompact(value, formats),
    length: (value, unit) => text.formatLength(value, unit, formats),
    money: (amount, currency) => text.formatMoney(amount, currency, formats),
    bytes: (bytes) => text.formatBytes(bytes, formats),
    choice: (words) => text.formatChoice(words, language),
    list: (words) => text.formatList(words, language),
    label: (labels) => labelIn(labels, language),
  };
}

/** Formatting by the language of the page, the formats and the time zone of the person. */
export function useFormat(): Format {
  const { i18n } = useTranslation();
  const timeZone = use(TimeZone);
  const chosen = use(ChosenFormats);
  const { language } = i18n;
  return useMemo(() => formatIn(text.formatsOf(language, ...chosen), timeZone), [language, chosen, timeZone]);
}
