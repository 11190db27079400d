import { useTranslation } from 'react-i18next';
import type { Span } from '@/api/working-hours';
import { SegmentedChoice } from '@/ui/SegmentedChoice';
import { nextSpan } from './plan';
import styles from './Schedules.module.css';
import { SpansEditor } from './SpansEditor';

/** A day off, or a day with hours of its own. */
export function HoursChoice({ day, hours, onChange }: { day: string; hours: Span[]; onChange: (hours: Span[]) => void }) {
  const { t } = useTranslation('schedules');
  return (
    <div className={styles.hoursChoice}>
      <SegmentedChoice
        label={t('hours_of_day')}
        value={hours.length === 0 ? 'off' : 'own'}
        options={[
          { value: 'off', label: t('day_off') },
          { value: 'own', label: t('own_hours') },
        ]}
        onChange={(choice) => onChange(choice === 'off' ? [] : [nextSpan([])])}
      />
      {hours.length > 0 && <SpansEditor day={day} spans={hours} onChange={onChange} />}
    </div>
  );
}
