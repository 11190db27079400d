import { useState, type FormEvent } from 'react';
import { useTranslation } from 'react-i18next';
import { DateInput } from '@/fields/date/DateInput';
import { TimeInput } from '@/fields/date/TimeInput';
import { Button } from '@/ui/Button';
import { Dialog } from '@/ui/Dialog';
import { FieldError } from '@/ui/FormField';
import { useFormat } from '@/ui/use-format';
import { clockOf, dayOf } from '@/util/format';
import { instantOf, isDay } from '@/util/read-format';
import styles from './past.module.css';
import { momentsAgo } from './moments';

export interface PastDialogProps {
  /** The moment that is shown already. */
  at: string | undefined;
  onChoose: (at: string) => void;
  onClose: () => void;
}

/** Chooses the moment whose list is shown: an hour, a day, a week, a month ago, or any. */
export function PastDialog({ at, onChoose, onClose }: PastDialogProps) {
  const { t } = useTranslation('records');
  const format = useFormat();
  const [now] = useState(() => new Date());
  const moments = momentsAgo(now);
  const shown = at ?? moments.day;
  const [day, setDay] = useState<string | null>(dayOf(shown, format.timeZone));
  const [time, setTime] = useState(clockOf(shown, format.timeZone));
  const [isRefused, setIsRefused] = useState(false);

  function submit(event: FormEvent): void {
    event.preventDefault();
    const chosen = day === null || !isDay(day) ? null : instantOf(day, time || '00:00', format.timeZone);
    if (chosen === null || Date.parse(chosen) > now.getTime()) setIsRefused(true);
    else onChoose(chosen);
  }

  return (
    <Dialog
      title={t('past.title')}
      size="small"
      onClose={onClose}
      footer={
        <>
          <Button onClick={onClose}>{t('cancel')}</Button>
          <Button type="submit" form="past-form" look="primary">
            {t('past.show')}
          </Button>
        </>
      }
    >
      <form id="past-form" className={styles.form} onSubmit={submit}>
        <p className={styles.intro}>{t('past.intro')}</p>
        <div className={styles.moments}>
          {(['hour', 'day', 'week', 'month'] as const).map((moment) => (
            <Button key={moment} size="small" data-autofocus={moment === 'day' ? '' : undefined} onClick={() => onChoose(moments[moment])}>
              {t(`past.ago.${moment}`)}
            </Button>
          ))}
        </div>
        <div className={styles.moment}>
          <label htmlFor="past-day" className={styles.label}>
            {t('past.day')}
          </label>
          <DateInput
            id="past-day"
            keepsText
            value={day}
            isInvalid={isRefused}
            describedBy={isRefused ? 'past-error' : undefined}
            onChange={(next) => {
              setDay(next);
              setIsRefused(false);
            }}
          />
          <label htmlFor="past-time" className={styles.label}>
            {t('past.time')}
          </label>
          <TimeInput id="past-time" value={time} onChange={setTime} />
        </div>
        {isRefused && <FieldError id="past-error">{t('past.refused')}</FieldError>}
      </form>
    </Dialog>
  );
}
