import { Select } from '@/ui/Select';
import { useFormat } from '@/ui/use-format';
import type { InputProps } from '../field-ui';
import { asText } from '../values';

export function ChoiceInput({ id, field, value, onChange, problems, describedBy, hasAutoFocus, onKeyDown }: InputProps) {
  const format = useFormat();
  const current = asText(value);
  const options = (field.settings.options ?? []).filter((option) => option.is_retired !== true || option.key === current);
  return (
    <Select
      id={id}
      value={current}
      emptyLabel={field.is_required && current !== '' ? undefined : '—'}
      options={options.map((option) => ({ value: option.key, label: format.label(option.labels) }))}
      isInvalid={problems.length > 0}
      aria-describedby={describedBy}
      autoFocus={hasAutoFocus}
      onKeyDown={onKeyDown}
      onChange={(key) => onChange(key === '' ? null : key)}
    />
  );
}
