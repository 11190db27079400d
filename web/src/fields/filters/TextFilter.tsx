import { useTranslation } from 'react-i18next';
import { TextInput } from '@/ui/TextInput';
import type { FilterProps } from '../field-ui';
import styles from '../fields.module.css';
import { TextListFilter } from './TextListFilter';
import { useRange } from './use-range';

/** One text; two for `between`; for `in` and `not in` a list, one a line. */
export function TextFilter(props: FilterProps) {
  const { operator, values, onChange, label } = props;
  if (operator === 'in' || operator === 'not_in' || operator === 'has' || operator === 'has_all') return <TextListFilter {...props} />;
  if (operator === 'between') return <TextRange values={values} onChange={onChange} />;
  return (
    <TextInput
      aria-label={label}
      value={values[0]?.text ?? ''}
      data-autofocus=""
      onChange={(event) => onChange(event.target.value === '' ? [] : [{ form: 'text', text: event.target.value }])}
    />
  );
}

function TextRange({ values, onChange }: Pick<FilterProps, 'values' | 'onChange'>) {
  const { t } = useTranslation('fields');
  const [ends, put] = useRange(values, onChange);
  return (
    <div className={styles.row}>
      {([0, 1] as const).map((index) => (
        <TextInput
          key={index}
          aria-label={t(index === 0 ? 'filter.from' : 'filter.to')}
          placeholder={t(index === 0 ? 'filter.from' : 'filter.to')}
          data-autofocus={index === 0 ? '' : undefined}
          value={ends[index]?.text ?? ''}
          onChange={(event) => put(index, event.target.value === '' ? undefined : { form: 'text', text: event.target.value })}
        />
      ))}
    </div>
  );
}
