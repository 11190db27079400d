import { IconCalendar } from '@tabler/icons-react';
import { lazy, Suspense, useRef, useState, type KeyboardEvent, type KeyboardEventHandler } from 'react';
import { useTranslation } from 'react-i18next';
import { IconButton } from '@/ui/IconButton';
import { TextInput } from '@/ui/TextInput';
import { useFormat } from '@/ui/use-format';
import { addDays, addMonths, placeInWeek } from '@/util/calendar';
import { classNames } from '@/util/class-names';
import { dayOf } from '@/util/format';
import { datePattern, isDay, parseDate } from '@/util/read-format';
import styles from '../fields.module.css';
import { dayId } from './day-id';

const CalendarSheet = lazy(async () => ({ default: (await import('./CalendarSheet')).CalendarSheet }));

export interface DateInputProps {
  id?: string;
  /** `YYYY-MM-DD`, or what was typed if it is no date. */
  value: string | null;
  /** The date; null when empty. What is no date is handed on as typed if `keepsText`. */
  onChange: (value: string | null) => void;
  keepsText?: boolean;
  label?: string;
  isInvalid?: boolean;
  isRequired?: boolean;
  describedBy?: string;
  hasAutoFocus?: boolean;
  className?: string;
  onKeyDown?: KeyboardEventHandler;
}

/** A date as the person writes it, and a calendar that begins its weeks as he does. The focus stays in the line: arrows move through the open calendar. */
export function DateInput({ id, value, onChange, keepsText = false, label, isInvalid, isRequired, describedBy, hasAutoFocus, className, onKeyDown }: DateInputProps) {
  const { t } = useTranslation('fields');
  const format = useFormat();
  const frame = useRef<HTMLSpanElement>(null);
  const line = useRef<HTMLInputElement>(null);
  const [typed, setTyped] = useState<string | null>(null);
  /** The day that the open calendar is at. */
  const [active, setActive] = useState<string | null>(null);
  const day = value !== null && isDay(value) ? value : null;
  const today = dayOf(new Date(), format.timeZone);
  const pattern = datePattern({ day: t('date_letters.day'), month: t('date_letters.month'), year: t('date_letters.year') }, format.formats);
  const gridId = `${id ?? label ?? 'date'}-calendar`.replaceAll(/\s/gu, '-');

  function read(text: string): void {
    setTyped(text);
    const found = parseDate(text, format.formats);
    if (active !== null && found !== null) setActive(found);
    if (text.trim() === '') onChange(null);
    else onChange(found ?? (keepsText ? text : null));
  }

  function toggle(): void {
    setActive(active === null ? (day ?? today) : null);
    // The keys of the calendar are those of the line. Under a finger there are none, and the focus would bring the keyboard up.
    if (!window.matchMedia('(pointer: coarse)').matches) line.current?.focus();
  }

  function choose(chosen: string): void {
    setActive(null);
    setTyped(null);
    onChange(chosen);
  }

  /** To whom the line belongs hears of the keys in it, not of those on the button. */
  function passOn(event: KeyboardEvent): void {
    if (event.target instanceof HTMLInputElement) onKeyDown?.(event);
  }

  function walk(event: KeyboardEvent): void {
    if (active === null) {
      if (event.key !== 'ArrowDown' || !event.altKey) return passOn(event);
      setActive(day ?? today);
    } else {
      const next = step(event, active, placeInWeek(active, format.weekStart));
      if (next !== null) setActive(next);
      else if (event.key === 'Enter') choose(active);
      else if (event.key === 'Escape') setActive(null);
      else return passOn(event);
    }
    event.preventDefault();
    event.stopPropagation();
  }

  const followed = active === null ? {} : { 'aria-controls': gridId, 'aria-activedescendant': dayId(gridId, active) };
  return (
    <span
      ref={frame}
      className={classNames(styles.picker, className)}
      onKeyDown={walk}
      onBlur={(event) => {
        if (event.currentTarget.contains(event.relatedTarget)) return;
        setActive(null);
        if (day !== null) setTyped(null);
      }}
    >
      <TextInput
        {...followed}
        ref={line}
        id={id}
        aria-label={label}
        value={typed ?? (value === null ? '' : format.date(value))}
        placeholder={pattern}
        isInvalid={isInvalid}
        required={isRequired}
        aria-describedby={describedBy}
        autoFocus={hasAutoFocus}
        autoComplete="off"
        onChange={(event) => read(event.target.value)}
      />
      <IconButton
        isFramed
        label={t('open_calendar')}
        aria-haspopup="grid"
        aria-expanded={active !== null}
        icon={<IconCalendar size={16} />}
        onClick={toggle}
      />
      {active !== null && (
        <Suspense>
          <CalendarSheet anchor={frame} id={gridId} active={active} chosen={day} today={today} onMove={setActive} onChoose={choose} onClose={() => setActive(null)} />
        </Suspense>
      )}
    </span>
  );
}

/** Where a key leads in the calendar; null if it leads nowhere. */
function step({ key, shiftKey }: KeyboardEvent, day: string, place: number): string | null {
  switch (key) {
    case 'ArrowLeft':
      return addDays(day, -1);
    case 'ArrowRight':
      return addDays(day, 1);
    case 'ArrowUp':
      return addDays(day, -7);
    case 'ArrowDown':
      return addDays(day, 7);
    case 'Home':
      return addDays(day, -place);
    case 'End':
      return addDays(day, 6 - place);
    case 'PageUp':
      return addMonths(day, shiftKey ? -12 : -1);
    case 'PageDown':
      return addMonths(day, shiftKey ? 12 : 1);
    default:
      return null;
  }
}
