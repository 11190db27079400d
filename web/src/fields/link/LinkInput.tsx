import { TextInput } from '@/ui/TextInput';
import type { InputProps } from '../field-ui';
import { asText } from '../values';

export function LinkInput({ id, value, onChange, problems, describedBy, hasAutoFocus, onKeyDown }: InputProps) {
  return (
    <TextInput
      id={id}
      type="url"
      inputMode="url"
      placeholder="https://"
      value={asText(value)}
      isInvalid={problems.length > 0}
      aria-describedby={describedBy}
      autoFocus={hasAutoFocus}
      autoComplete="off"
      onKeyDown={onKeyDown}
      onChange={(event) => onChange(event.target.value === '' ? null : event.target.value)}
    />
  );
}
