import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { TextInput } from '@/ui/TextInput';
import { useFormat } from '@/ui/use-format';
import { dayOf, instantOf, parseDate } from '@/util/format';
import { DateInput } from '../date/DateInput';
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
  const [time, setTime] = useState(isInstant ? format.time(text) : '');

  function change(nextDay: string | null, nextTime: string): void {
    setDay(nextDay);
    setTime(nextTime);
    if (nextDay === null) onChange(null);
    else if (parseDate(nextDay) === null) onChange(nextDay);
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
      <TextInput
        type="time"
        className={styles.narrow}
        aria-label={t('time')}
        value={time}
        onChange={(event) => change(day, event.target.value)}
      />
    </div>
  );
}
