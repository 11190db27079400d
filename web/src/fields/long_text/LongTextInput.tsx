import { TextArea } from '@/ui/TextInput';
import type { InputProps } from '../field-ui';
import { asText } from '../values';

export function LongTextInput({ id, field, value, onChange, problems, describedBy, hasAutoFocus, onKeyDown }: InputProps) {
  return (
    <TextArea
      id={id}
      value={asText(value)}
      maxLength={field.settings.max_length}
      isInvalid={problems.length > 0}
      aria-describedby={describedBy}
      autoFocus={hasAutoFocus}
      onKeyDown={onKeyDown}
      onChange={(event) => onChange(event.target.value === '' ? null : event.target.value)}
    />
  );
}
