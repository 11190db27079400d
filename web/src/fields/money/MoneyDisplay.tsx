import { useFormat } from '@/ui/use-format';
import type { DisplayProps } from '../field-ui';
import styles from '../fields.module.css';
import { Nothing } from '../Nothing';
import { asMoney } from '../values';

export function MoneyDisplay({ value }: DisplayProps) {
  const format = useFormat();
  const money = asMoney(value);
  if (money === null) return <Nothing />;
  return <span className={styles.number}>{format.money(money.amount, money.currency)}</span>;
}
