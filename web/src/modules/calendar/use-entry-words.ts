import { useMemo } from 'react';
import { useTranslation } from 'react-i18next';
import { useFormat } from '@/ui/use-format';
import type { Entry } from './entries';

export interface EntryWords {
  /** `10:00–11:30`, `до 10:00`, `23.11.2026–25.11.2026`. */
  time: (entry: Entry) => string;
  /** `10:00`. */
  begin: (entry: Entry) => string;
  /** All of it in a sentence, for screen readers. */
  spoken: (entry: Entry) => string;
  /** `понедельник, 23 ноября`. */
  day: (day: string) => string;
}

/** The time of an entry in words. */
export function useEntryWords(): EntryWords {
  const { t } = useTranslation('calendar');
  const format = useFormat();
  return useMemo(() => {
    const clock = (ms: number): string => format.time(new Date(ms).toISOString());
    const day = (date: string): string =>
      new Intl.DateTimeFormat(format.language, { weekday: 'long', day: 'numeric', month: 'long', timeZone: 'UTC' }).format(new Date(date));
    const time = (entry: Entry): string => {
      const isOneDay = entry.firstDay === entry.lastDay;
      if (entry.isWholeDays) return isOneDay ? t('whole_day') : `${format.date(entry.firstDay)} – ${format.date(entry.lastDay)}`;
      if (entry.isMoment) return clock(entry.start);
      if (isOneDay) return `${clock(entry.start)} – ${clock(entry.end)}`;
      return `${format.date(entry.firstDay)}, ${clock(entry.start)} – ${format.date(entry.lastDay)}, ${clock(entry.end)}`;
    };
    const spoken = (entry: Entry): string =>
      [
        format.label(entry.type.labels),
        entry.record.title,
        day(entry.firstDay),
        time(entry),
        entry.place,
        entry.isDone ? t('done') : '',
        entry.isLate ? t('late') : '',
      ]
        .filter((part) => part !== '')
        .join(', ');
    return { time, begin: (entry) => clock(entry.start), spoken, day };
  }, [t, format]);
}
