import { IconChevronLeft, IconChevronRight } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';
import { IconButton } from '@/ui/IconButton';
import { useFormat } from '@/ui/use-format';
import { addMonths, weekOf, weeksOf } from '@/util/calendar';
import { classNames } from '@/util/class-names';
import styles from './Calendar.module.css';
import { dayId } from './day-id';

export interface CalendarProps {
  id: string;
  /** The day that the keyboard is at; its month is shown. */
  active: string;
  chosen: string | null;
  today: string;
  onMove: (day: string) => void;
  onChoose: (day: string) => void;
}

/** A month to choose a day from. It takes no focus: what opened it keeps it, and its keys. */
export function Calendar({ id, active, chosen, today, onMove, onChoose }: CalendarProps) {
  const { t } = useTranslation('fields');
  const { language, weekStart } = useFormat();
  const name = (day: string, options: Intl.DateTimeFormatOptions): string =>
    new Intl.DateTimeFormat(language, { ...options, timeZone: 'UTC' }).format(new Date(day));
  return (
    <div className={styles.calendar}>
      <div className={styles.head}>
        <IconButton size="small" tabIndex={-1} label={t('calendar.before')} icon={<IconChevronLeft size={16} />} onClick={() => onMove(addMonths(active, -1))} />
        <span className={styles.month} aria-live="polite">
          {name(active, { month: 'long', year: 'numeric' })}
        </span>
        <IconButton size="small" tabIndex={-1} label={t('calendar.after')} icon={<IconChevronRight size={16} />} onClick={() => onMove(addMonths(active, 1))} />
      </div>
      <table role="grid" id={id} className={styles.days} aria-label={t('calendar.title')}>
        <thead>
          <tr>
            {weekOf(active, weekStart).map((day) => (
              <th key={day} scope="col" abbr={name(day, { weekday: 'long' })}>
                {name(day, { weekday: 'short' })}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {weeksOf(active, weekStart).map((week) => (
            <tr key={week[0]}>
              {week.map((day) => (
                <td
                  key={day}
                  role="gridcell"
                  id={dayId(id, day)}
                  aria-selected={day === chosen}
                  aria-current={day === today ? 'date' : undefined}
                  aria-label={name(day, { day: 'numeric', month: 'long', year: 'numeric' })}
                  className={classNames(styles.day, day === active && styles.active, day.slice(0, 7) !== active.slice(0, 7) && styles.other)}
                  onClick={() => onChoose(day)}
                >
                  {Number(day.slice(8))}
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}
