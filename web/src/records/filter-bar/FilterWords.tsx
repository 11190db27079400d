import type { ObjectType } from '@/api/types';
import { parseFilter, type FilterCondition } from '@/util/filter-text';
import { useConditionWords } from './condition-words';
import { ConditionText } from './ConditionText';
import styles from './FilterBar.module.css';

/** A filter to be read, not changed: its conditions in words, or its text where it is richer than that. */
export function FilterWords({ type, filter }: { type: ObjectType; filter: string }) {
  const conditions = parseFilter(filter);
  if (conditions === null) return <code className={styles.code}>{filter}</code>;
  return conditions.map((condition, index) => (
    <span key={index}>
      {index > 0 && ', '}
      <OneCondition type={type} condition={condition} />
    </span>
  ));
}

function OneCondition({ type, condition }: { type: ObjectType; condition: FilterCondition }) {
  return <ConditionText condition={condition} words={useConditionWords(type, condition)} />;
}
