import type { InputProps } from '../field-ui';
import { asText } from '../values';
import { DateInput } from './DateInput';

export function DateFieldInput({ id, value, onChange, problems, describedBy, hasAutoFocus, onKeyDown }: InputProps) {
  return (
    <DateInput
      id={id}
      keepsText
      value={asText(value) || null}
      onChange={onChange}
      isInvalid={problems.length > 0}
      describedBy={describedBy}
      hasAutoFocus={hasAutoFocus}
      onKeyDown={onKeyDown}
    />
  );
}
