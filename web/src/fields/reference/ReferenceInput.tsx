import type { InputProps } from '../field-ui';
import { asReference } from '../values';
import { RecordPicker } from './RecordPicker';

export function ReferenceInput({ id, field, value, onChange, problems, describedBy, hasAutoFocus, onKeyDown }: InputProps) {
  return (
    <RecordPicker
      id={id}
      target={field.settings.target ?? ''}
      filter={field.settings.target_filter}
      canCreate
      value={asReference(value)}
      onChange={onChange}
      isInvalid={problems.length > 0}
      describedBy={describedBy}
      hasAutoFocus={hasAutoFocus}
      onKeyDown={onKeyDown}
    />
  );
}
