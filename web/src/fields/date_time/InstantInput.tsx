import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Button } from '@/ui/Button';
import { useFormat } from '@/ui/use-format';
import { clockOf, dayOf } from '@/util/format';
import { instantOf, isDay, parseDayAndClock } from '@/util/read-format';
import { DateInput } from '../date/DateInput';
import { TimeInput } from '../date/TimeInput';
import { dayAhead, QUICK_DAYS } from './quick-days';
import type { InputProps } from '../field-ui';
import styles from '../fields.module.css';
import { asText } from '../values';

/** The time of a day that was chosen with one press. */
const END_OF_WORK = '18:00';

/** A day and a time of the person's own time zone; sent as a UTC instant. */
export function InstantInput({ id, field, value, onChange, problems, describedBy, hasAutoFocus, onKeyDown }: InputProps) {
  const { t } = useTranslation('fields');
  const format = useFormat();
  const text = asText(value);
  const isInstant = text !== '' && !Number.isNaN(Date.parse(text));
  const [day, setDay] = useState<string | null>(isInstant ? dayOf(text, format.timeZone) : text || null);
  const [time, setTime] = useState(isInstant ? clockOf(text, format.timeZone) : '');

  function change(nextDay: string | null, nextTime: string): void {
    const typed = nextDay === null || isDay(nextDay) ? null : parseDayAndClock(nextDay, format.formats);
    if (typed !== null) return change(typed.day, typed.clock);
    setDay(nextDay);
    setTime(nextTime);
    if (nextDay === null) onChange(null);
    else if (!isDay(nextDay)) onChange(nextDay);
    else onChange(instantOf(nextDay, nextTime || '00:00', format.timeZone));
  }

  const row = (
    <div className={styles.row} onKeyDown={onKeyDown}>
      <DateInput
        id={id}
        keepsText
        value={day}
        isInvalid={problems.length > 0}
        describedBy={describedBy}
        hasAutoFocus={hasAutoFocus}
        onChange={(next) => change(next, time)}
      />
      <TimeInput className={styles.narrow} label={t('time')} value={time} onChange={(next) => change(day, next)} />
    </div>
  );
  // What can be late is mostly soon.
  if (field.overdue_if == null) return row;
  return (
    <div>
      {row}
      <div className={styles.quick}>
        {QUICK_DAYS.map((days) => (
          <Button key={days} size="small" look="plain" onClick={() => change(dayAhead(days, format.timeZone), time || END_OF_WORK)}>
            {days === 0 ? t('quick_today') : t('quick_day', { count: days })}
          </Button>
        ))}
      </div>
    </div>
  );
}
