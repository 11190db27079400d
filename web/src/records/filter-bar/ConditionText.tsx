import type { FilterCondition } from '@/util/filter-text';
import type { ConditionWords } from './condition-words';
import styles from './FilterBar.module.css';

/** "Is" goes without saying. */
const PLAIN: readonly string[] = ['=', 'in', 'has'];

/** A condition as a line: the field, what is asked, and the value, which the eye shall find. */
export function ConditionText({ condition, words }: { condition: FilterCondition; words: ConditionWords }) {
  const isPlain = words.operator === '' || PLAIN.includes(condition.operator);
  return (
    <>
      {words.field} {!isPlain && `${words.operator} `}
      <span className={styles.chipValue}>{words.value}</span>
    </>
  );
}
