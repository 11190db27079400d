import { useTranslation } from 'react-i18next';
import type { WorkingDay } from '@/api/working-hours';
import { useFormat } from '@/ui/use-format';
import { spansText } from './plan';
import styles from './Schedules.module.css';

/** The hours of the days to come, and why they are as they are. */
export function DaysAhead({ days }: { days: readonly WorkingDay[] }) {
  const { t } = useTranslation('schedules');
  const { language, clock } = useFormat();
  const date = new Intl.DateTimeFormat(language, { weekday: 'short', day: 'numeric', month: 'short', timeZone: 'UTC' });
  return (
    <dl className={styles.ahead}>
      {days.map((day) => (
        <div key={day.date} className={styles.aheadDay} data-off={day.hours.length === 0 || undefined}>
          <dt>{date.format(new Date(`${day.date}T00:00:00Z`))}</dt>
          <dd>
            {day.hours.length === 0 ? (
              t('day_off')
            ) : (
              <span className={styles.stretches}>
                {day.hours.map((span) => (
                  <span key={span.from}>{spansText([span], clock)}</span>
                ))}
              </span>
            )}
            {day.cause !== 'plan' && <span className={styles.cause}>{day.name ?? t(`cause.${day.cause}`)}</span>}
          </dd>
        </div>
      ))}
    </dl>
  );
}
