/** The rows of a tree whose branches are read when they are opened. */
import type { Page, RecordItem } from '@/api/types';
import type { TreeItem, TreeNode, TreeRow } from '@/util/tree';

export interface BranchRow extends TreeRow<TreeItem> {
  /** A record that is found on its own and again below another stands twice. */
  key: string;
  record: RecordItem;
  /** The branch has been read, and nothing is in it. */
  isKnownEmpty: boolean;
  /** The branch is longer than what was read. */
  hasRest: boolean;
}

/** Deeper than any company; a ring that the server let in would never end. */
const DEEPEST = 50;
/** What is below is not known before it is read; this stands for it. */
const UNREAD: TreeNode<TreeItem>[] = [{ item: { id: 0, title: '', parentId: null }, depth: 0, children: [] }];

export function branchRows(
  records: readonly RecordItem[],
  below: ReadonlyMap<number, Page<RecordItem> | undefined>,
  open: ReadonlySet<number>,
  mayHaveBranches: (record: RecordItem) => boolean,
): BranchRow[] {
  function rowsOf(items: readonly RecordItem[], parentId: number | null, depth: number, path: string): BranchRow[] {
    return items.flatMap((record, index) => {
      const key = `${path}/${record.id}`;
      const branch = below.get(record.id);
      const row: BranchRow = {
        key,
        record,
        node: { item: { id: record.id, title: record.title, parentId }, depth, children: mayHaveBranches(record) ? UNREAD : [] },
        position: index + 1,
        siblings: items.length,
        isKnownEmpty: branch?.items.length === 0,
        hasRest: branch?.next_cursor != null,
      };
      const inner = open.has(record.id) && branch !== undefined && depth < DEEPEST ? rowsOf(branch.items, record.id, depth + 1, key) : [];
      return [row, ...inner];
    });
  }
  return rowsOf(records, null, 0, '');
}
