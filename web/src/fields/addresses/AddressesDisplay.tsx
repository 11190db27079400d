import { useFormat } from '@/ui/use-format';
import type { DisplayProps } from '../field-ui';
import styles from '../fields.module.css';
import { Nothing } from '../Nothing';
import { asAddresses } from '../values';
import { addressText, pointText } from './address-text';

/** In a cell the city of the primary address; on a card all of them. */
export function AddressesDisplay({ field, value, isCompact = false }: DisplayProps) {
  const format = useFormat();
  const addresses = asAddresses(value);
  const first = addresses.find((address) => address.is_primary === true) ?? addresses[0];
  if (first === undefined) return <Nothing />;
  if (isCompact) {
    return (
      <span className={styles.cut} title={addresses.map((address) => addressText(address, format.language)).join('\n')}>
        {first.city || addressText(first, format.language)}
      </span>
    );
  }
  return (
    <ul className={styles.stack}>
      {addresses.map((address, index) => {
        const [text, point] = [addressText(address, format.language), pointText(address)];
        const label = field.settings.address_labels?.find((option) => option.key === address.label);
        return (
          <li key={address.id ?? index} className={styles.prose}>
            {text}
            {point !== null && point !== text && <span className={styles.hint}> · {point}</span>}
            {label !== undefined && <span className={styles.hint}> · {format.label(label.labels)}</span>}
          </li>
        );
      })}
    </ul>
  );
}
