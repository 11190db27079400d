import { IconCalendar } from '@tabler/icons-react';
import { useRef, useState, type KeyboardEventHandler } from 'react';
import { useTranslation } from 'react-i18next';
import { IconButton } from '@/ui/IconButton';
import { TextInput } from '@/ui/TextInput';
import { useFormat } from '@/ui/use-format';
import { parseDate } from '@/util/format';
import styles from '../fields.module.css';

export interface DateInputProps {
  id: string;
  /** `YYYY-MM-DD`, or what was typed if it is no date. */
  value: string | null;
  /** The date; null when empty. What is no date is handed on as typed if `keepsText`. */
  onChange: (value: string | null) => void;
  keepsText?: boolean;
  label?: string;
  isInvalid?: boolean;
  describedBy?: string;
  hasAutoFocus?: boolean;
  onKeyDown?: KeyboardEventHandler;
}

/** A date as people write it, with the calendar of the browser behind the button. */
export function DateInput({ id, value, onChange, keepsText = false, label, isInvalid, describedBy, hasAutoFocus, onKeyDown }: DateInputProps) {
  const { t } = useTranslation('fields');
  const format = useFormat();
  const picker = useRef<HTMLInputElement>(null);
  const [text, setText] = useState(value === null ? '' : format.date(value));

  function read(typed: string): void {
    setText(typed);
    if (typed.trim() === '') onChange(null);
    else onChange(parseDate(typed) ?? (keepsText ? typed : null));
  }

  return (
    <span className={styles.picker}>
      <TextInput
        id={id}
        aria-label={label}
        value={text}
        placeholder={t('date_placeholder')}
        isInvalid={isInvalid}
        aria-describedby={describedBy}
        autoFocus={hasAutoFocus}
        autoComplete="off"
        onKeyDown={onKeyDown}
        onChange={(event) => read(event.target.value)}
      />
      <IconButton
        isFramed
        label={t('open_calendar')}
        icon={<IconCalendar size={16} />}
        onClick={() => picker.current?.showPicker()}
      />
      <input
        ref={picker}
        type="date"
        className={styles.hiddenPicker}
        tabIndex={-1}
        aria-hidden="true"
        value={parseDate(text) ?? ''}
        onChange={(event) => {
          setText(event.target.value === '' ? '' : format.date(event.target.value));
          onChange(event.target.value === '' ? null : event.target.value);
        }}
      />
    </span>
  );
}
