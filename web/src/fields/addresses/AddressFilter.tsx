import { useTranslation } from 'react-i18next';
import { OptionPicker } from '@/ui/OptionPicker';
import { useFormat } from '@/ui/use-format';
import type { FilterProps } from '../field-ui';
import styles from '../fields.module.css';
import { TextFilter } from '../filters/TextFilter';
import type { FilterOperatorName } from '@/util/filter-text';
import { countryOptions } from './address-text';
import { AddressPartFilter } from './AddressPartFilter';

/** Operators that are asked about a whole value or its beginning. */
const OFFERED: readonly FilterOperatorName[] = ['=', '!=', 'in', 'not_in', 'starts_with', 'contains'];

/** A country is chosen, a street typed; of cities and regions those in the base are offered. */
export function AddressFilter(props: FilterProps) {
  const { part, operator, values, onChange, label } = props;
  const { t } = useTranslation('fields');
  const format = useFormat();
  if (part === 'place') return <p className={styles.hint}>{t('addresses.area_hint')}</p>;
  if ((part === 'city' || part === 'region') && OFFERED.includes(operator)) return <AddressPartFilter {...props} part={part} />;
  if (part !== 'country' || (operator !== '=' && operator !== '!=')) return <TextFilter {...props} />;
  const options = countryOptions(format.language);
  return (
    <OptionPicker
      aria-label={label}
      hasAutoFocus
      value={values[0]?.text ?? ''}
      emptyLabel={t('addresses.no_country')}
      options={options}
      onChange={(code) => onChange(code === '' ? [] : [{ form: 'text', text: code }])}
    />
  );
}
