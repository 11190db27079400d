/** The groups into which a group may go, by the way to each. */
import type { VocabularyItem } from '@/fields/reference/vocabulary';
import type { SelectOption } from '@/ui/Select';
import { ancestorIds, treePaths, treeRows, type TreeNode } from '@/util/tree';

/** `id` is null for a new group, which may go anywhere. */
export function parentOptions(items: readonly VocabularyItem[], tree: readonly TreeNode<VocabularyItem>[], id: number | null): SelectOption[] {
  const ways = treePaths(tree);
  return treeRows(tree, () => true)
    .map((row) => row.node.item)
    .filter((item) => id === null || (item.id !== id && !ancestorIds(items, item.id).includes(id)))
    .map((item) => ({ value: String(item.id), label: ways.get(item.id)?.join(' / ') ?? item.title }));
}
