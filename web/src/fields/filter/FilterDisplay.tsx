import type { DisplayProps } from '../field-ui';
import styles from '../fields.module.css';
import { Nothing } from '../Nothing';
import { asText } from '../values';

/** A filter as its text: screens that know the filtered type show it in words. */
export function FilterDisplay({ value, isCompact = false }: DisplayProps) {
  const text = asText(value);
  if (text === '') return <Nothing />;
  return (
    <code className={isCompact ? styles.cut : styles.prose} title={isCompact ? text : undefined}>
      {text}
    </code>
  );
}
