import { useFormat } from '@/ui/use-format';
import type { DisplayProps } from '../field-ui';
import styles from '../fields.module.css';
import { Nothing } from '../Nothing';
import { asText } from '../values';

export function InstantDisplay({ value, isCompact = false }: DisplayProps) {
  const format = useFormat();
  const text = asText(value);
  if (text === '') return <Nothing />;
  return (
    <time className={styles.number} dateTime={text} title={isCompact ? format.instant(text) : undefined}>
      {isCompact ? format.recent(text) : format.instant(text)}
    </time>
  );
}
