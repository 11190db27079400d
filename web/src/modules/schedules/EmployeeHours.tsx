import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { recordQuery } from '@/api/records';
import { useMay } from '@/api/session';
import { workingHoursQuery } from '@/api/working-hours';
import { asReference } from '@/fields/values';
import { Block } from '@/records/card/Block';
import type { RelatedProps } from '@/records/card/related-blocks';
import { Button } from '@/ui/Button';
import { DaysAhead } from './DaysAhead';
import { HoursDialog } from './HoursDialog';
import { HoursState } from './HoursState';
import styles from './Schedules.module.css';

/** Days that the card shows; the dialog shows two weeks. */
const DAYS = 5;

/** On the card of an employee: when he works. Whoever keeps the users changes it here, or lets him in outside of it. */
export function EmployeeHours({ record }: RelatedProps) {
  const user = asReference(record.values.employee_user);
  const mayKeep = useMay('users');
  if (user === null) return null;
  return mayKeep ? <Kept userId={user.id} /> : <Told userId={user.id} />;
}

function Told({ userId }: { userId: number }) {
  const { t } = useTranslation('schedules');
  const user = useQuery({ ...recordQuery('user', userId), retry: false });
  const schedule = asReference(user.data?.values.schedule);
  if (schedule === null) return null;
  return (
    <div className={styles.ofEmployee}>
      <Block title={t('of_employee')}>{schedule.title}</Block>
    </div>
  );
}

function Kept({ userId }: { userId: number }) {
  const { t } = useTranslation('schedules');
  const user = useQuery({ ...recordQuery('user', userId), retry: false });
  const { data: hours } = useQuery({ ...workingHoursQuery(userId), retry: false });
  const [isOpen, setIsOpen] = useState(false);
  if (user.data === undefined || hours === undefined) return null;
  return (
    <div className={styles.ofEmployee}>
    <Block title={t('of_employee')}>
      <p className={styles.facts}>
        {hours.schedule !== null && <strong>{hours.schedule.title}</strong>}
        <HoursState hours={hours} />
      </p>
      {hours.schedule !== null && <DaysAhead days={hours.days.slice(0, DAYS)} />}
      <Button size="small" onClick={() => setIsOpen(true)}>
        {t(hours.schedule === null ? 'give' : 'change_or_admit')}
      </Button>
    </Block>
    {isOpen && <HoursDialog user={user.data} onClose={() => setIsOpen(false)} />}
    </div>
  );
}
