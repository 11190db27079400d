import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useFormat } from '@/ui/use-format';
import { clockOf, dayOf } from '@/util/format';
import { instantOf, isDay } from '@/util/read-format';
import { DateInput } from '../date/DateInput';
import { TimeInput } from '../date/TimeInput';
import type { InputProps } from '../field-ui';
import styles from '../fields.module.css';
import { asText } from '../values';

/** A day and a time of the person's own time zone; sent as a UTC instant. */
export function InstantInput({ id, value, onChange, problems, describedBy, hasAutoFocus, onKeyDown }: InputProps) {
  const { t } = useTranslation('fields');
  const format = useFormat();
  const text = asText(value);
  const isInstant = text !== '' && !Number.isNaN(Date.parse(text));
  const [day, setDay] = useState<string | null>(isInstant ? dayOf(text, format.timeZone) : text || null);
  const [time, setTime] = useState(isInstant ? clockOf(text, format.timeZone) : '');

  function change(nextDay: string | null, nextTime: string): void {
    setDay(nextDay);
    setTime(nextTime);
    if (nextDay === null) onChange(null);
    else if (!isDay(nextDay)) onChange(nextDay);
    else onChange(instantOf(nextDay, nextTime || '00:00', format.timeZone));
  }

  return (
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
}
