import { useQuery } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import { ownHoursQuery } from '@/api/working-hours';
import { DaysAhead } from './DaysAhead';
import { HoursState } from './HoursState';
import styles from './Schedules.module.css';

/** In one's profile: when one may work. Whoever has no schedule reads nothing of it. */
export function OwnHours() {
  const { t } = useTranslation('schedules');
  const { data: hours } = useQuery({ ...ownHoursQuery, retry: false });
  if (hours === undefined || hours.schedule === null) return null;
  return (
    <section className={styles.own} aria-labelledby="profile-hours">
      <h2 id="profile-hours" className={styles.ownTitle}>
        {t('own_title')}
      </h2>
      <p className={styles.facts}>
        <strong>{hours.schedule.title}</strong>
        <HoursState hours={hours} />
        <span className={styles.muted}>{t('in_zone', { zone: hours.time_zone })}</span>
      </p>
      {hours.minutes_before + hours.minutes_after > 0 && (
        <p className={styles.muted}>{t('grace', { before: hours.minutes_before, after: hours.minutes_after })}</p>
      )}
      <DaysAhead days={hours.days} />
      <p className={styles.muted}>{t('own_hint')}</p>
    </section>
  );
}
