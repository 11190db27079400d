import { TextInput } from '@/ui/TextInput';
import type { FilterProps } from '../field-ui';
import { TextListFilter } from './TextListFilter';

/** One text; for `in` and `not in` a list, one a line. */
export function TextFilter(props: FilterProps) {
  const { operator, values, onChange, label } = props;
  if (operator === 'in' || operator === 'not_in' || operator === 'has' || operator === 'has_all') return <TextListFilter {...props} />;
  return (
    <TextInput
      aria-label={label}
      value={values[0]?.text ?? ''}
      data-autofocus=""
      onChange={(event) => onChange(event.target.value === '' ? [] : [{ form: 'text', text: event.target.value }])}
    />
  );
}
