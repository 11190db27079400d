import { Badge } from '@/ui/Badge';
import list from '@/ui/OptionList.module.css';
import { treePaths } from '@/util/tree';
import styles from '../fields.module.css';
import type { Vocabulary } from './vocabulary';

/** A record to choose: a tag in its colour, a group with the way to it, anything else by its title. */
export function RecordOption({ record, vocabulary }: { record: { id: number; title: string }; vocabulary: Vocabulary | null }) {
  const item = vocabulary?.items.find((candidate) => candidate.id === record.id);
  const path = vocabulary === null || item?.parentId == null ? [] : (treePaths(vocabulary.tree).get(item.id) ?? []).slice(0, -1);
  return (
    <span className={list.optionText}>
      {item?.color ? <Badge color={item.color}>{record.title}</Badge> : record.title}
      {path.length > 0 && <span className={styles.way}>{path.join(' / ')}</span>}
    </span>
  );
}
