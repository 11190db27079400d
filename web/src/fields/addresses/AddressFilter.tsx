import { useTranslation } from 'react-i18next';
import { Select } from '@/ui/Select';
import { useFormat } from '@/ui/use-format';
import type { FilterProps } from '../field-ui';
import { TextFilter } from '../filters/TextFilter';
import { countryOptions } from './address-text';

/** Cities and streets are typed, a country is chosen. */
export function AddressFilter(props: FilterProps) {
  const { part, operator, values, onChange, label } = props;
  const { t } = useTranslation('fields');
  const format = useFormat();
  if (part !== 'country' || (operator !== '=' && operator !== '!=')) return <TextFilter {...props} />;
  const options = countryOptions(format.language);
  return (
    <Select
      aria-label={label}
      data-autofocus=""
      value={values[0]?.text ?? ''}
      emptyLabel={t('addresses.no_country')}
      options={options}
      onChange={(code) => onChange(code === '' ? [] : [{ form: 'text', text: code }])}
    />
  );
}
