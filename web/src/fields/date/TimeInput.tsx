import { useState } from 'react';
import { TextInput } from '@/ui/TextInput';
import { useFormat } from '@/ui/use-format';
import { parseClock } from '@/util/read-format';

export interface TimeInputProps {
  id?: string;
  /** `HH:MM`, or empty. */
  value: string;
  /** Gets only times, and the empty text. */
  onChange: (value: string) => void;
  label?: string;
  isRequired?: boolean;
  className?: string;
}

/** A time of a day by the clock of the person, who may type it by either. What is no time goes on leaving. */
export function TimeInput({ id, value, onChange, label, isRequired, className }: TimeInputProps) {
  const format = useFormat();
  const [typed, setTyped] = useState<string | null>(null);
  const isInvalid = typed !== null && typed.trim() !== '' && parseClock(typed) === null;

  function read(text: string): void {
    setTyped(text);
    const time = text.trim() === '' ? '' : parseClock(text);
    if (time !== null && !(time === '' && isRequired === true)) onChange(time);
  }

  return (
    <TextInput
      id={id}
      className={className}
      aria-label={label}
      autoComplete="off"
      placeholder={format.clock('09:00')}
      required={isRequired}
      isInvalid={isInvalid}
      value={typed ?? format.clock(value)}
      onChange={(event) => read(event.target.value)}
      onBlur={() => setTyped(null)}
    />
  );
}
