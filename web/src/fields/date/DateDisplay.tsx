import { useFormat } from '@/ui/use-format';
import type { DisplayProps } from '../field-ui';
import styles from '../fields.module.css';
import { Nothing } from '../Nothing';
import { asText } from '../values';

export function DateDisplay({ value }: DisplayProps) {
  const format = useFormat();
  const text = asText(value);
  return text === '' ? <Nothing /> : <span className={styles.number}>{format.date(text)}</span>;
}
