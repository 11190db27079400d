import { useFormat } from '@/ui/use-format';
import type { DisplayProps } from '../field-ui';
import styles from '../fields.module.css';
import { Nothing } from '../Nothing';

export function NumberDisplay({ field, value }: DisplayProps) {
  const format = useFormat();
  if (typeof value !== 'number') return <Nothing />;
  return <span className={styles.number}>{format.number(value, field.settings.decimals)}</span>;
}
