import { createContext, use, useMemo } from 'react';
import { useTranslation } from 'react-i18next';
import { formatBytes, formatChoice, formatList, formatDate, formatDay, formatInstant, formatMoney, formatNumber, formatRecent, formatTime } from '@/util/format';
import { labelIn, type Labels } from '@/util/languages';

/** The time zone of the person; undefined means that of the device. */
export const TimeZone = createContext<string | undefined>(undefined);

export interface Format {
  language: string;
  timeZone: string | undefined;
  date: (date: string) => string;
  time: (instant: string) => string;
  instant: (instant: string) => string;
  /** "today, 09:58", "yesterday, 18:30", else the date. */
  recent: (instant: string) => string;
  /** A day (`YYYY-MM-DD`) as a heading: "today", "yesterday", else the date. */
  day: (day: string) => string;
  number: (value: number, decimals?: number) => string;
  money: (amount: number, currency: string) => string;
  bytes: (bytes: number) => string;
  /** "one, two or three". */
  choice: (words: readonly string[]) => string;
  /** "one, two and three". */
  list: (words: readonly string[]) => string;
  /** The label of the catalog in the language of the page. */
  label: (labels: Labels | undefined) => string;
}

/** Formatting by the language of the page and the time zone of the person. */
export function useFormat(): Format {
  const { i18n } = useTranslation();
  const timeZone = use(TimeZone);
  const { language } = i18n;
  return useMemo(
    () => ({
      language,
      timeZone,
      date: (date) => formatDate(date, language),
      time: (instant) => formatTime(instant, language, timeZone),
      instant: (instant) => formatInstant(instant, language, timeZone),
      recent: (instant) => formatRecent(instant, language, new Date(), timeZone),
      day: (day) => formatDay(day, language, new Date(), timeZone),
      number: (value, decimals) => formatNumber(value, language, decimals),
      money: (amount, currency) => formatMoney(amount, currency, language),
      bytes: (bytes) => formatBytes(bytes, language),
      choice: (words) => formatChoice(words, language),
      list: (words) => formatList(words, language),
      label: (labels) => labelIn(labels, language),
    }),
    [language, timeZone],
  );
}
