import { currencyDecimals } from '@/util/format';
import type { FilterProps } from '../field-ui';
import { NumberFilter } from '../filters/NumberFilter';

/** People type units, the base compares minor units. */
export function MoneyFilter(props: FilterProps) {
  const currency = props.field.settings.currencies?.[0] ?? 'UAH';
  return <NumberFilter {...props} scale={10 ** currencyDecimals(currency)} />;
}
