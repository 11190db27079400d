import { useState } from 'react';
import { TextInput } from '@/ui/TextInput';
import { useFormat } from '@/ui/use-format';
import { editableNumber, parseNumber } from '@/util/read-format';
import type { InputProps } from '../field-ui';
import { asText } from '../values';

/** What is no number is sent as typed: the server names the mistake and the text stays. */
export function NumberInput({ id, value, onChange, problems, describedBy, hasAutoFocus, onKeyDown }: InputProps) {
  const format = useFormat();
  const [text, setText] = useState(editableNumber(asText(value), format.formats));
  return (
    <TextInput
      id={id}
      inputMode="decimal"
      value={text}
      isInvalid={problems.length > 0}
      aria-describedby={describedBy}
      autoFocus={hasAutoFocus}
      autoComplete="off"
      onKeyDown={onKeyDown}
      onChange={(event) => {
        setText(event.target.value);
        const typed = event.target.value.trim();
        onChange(typed === '' ? null : (parseNumber(typed, format.formats) ?? typed));
      }}
    />
  );
}
