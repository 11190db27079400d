import type { DisplayProps } from '../field-ui';
import styles from '../fields.module.css';
import { Nothing } from '../Nothing';
import { asText } from '../values';
import { useRuleWords } from './rule-words';

export function RecurrenceDisplay({ value, isCompact = false }: DisplayProps) {
  const ruleWords = useRuleWords();
  const text = asText(value);
  if (text === '') return <Nothing />;
  const words = ruleWords(text);
  return isCompact ? (
    <span className={styles.cut} title={words}>
      {words}
    </span>
  ) : (
    <span>{words}</span>
  );
}
