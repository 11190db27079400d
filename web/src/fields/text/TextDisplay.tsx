import type { DisplayProps } from '../field-ui';
import styles from '../fields.module.css';
import { Nothing } from '../Nothing';
import { asText } from '../values';

export function TextDisplay({ value, isCompact = false }: DisplayProps) {
  const text = asText(value);
  if (text === '') return <Nothing />;
  return (
    <span className={isCompact ? styles.cut : styles.prose} title={isCompact ? text : undefined}>
      {text}
    </span>
  );
}
