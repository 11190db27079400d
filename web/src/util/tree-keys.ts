/** Where the arrows lead in a tree, as the pattern of the ARIA guide has it. */
import type { TreeItem, TreeRow } from './tree';

export type TreeMove = { kind: 'focus'; id: number } | { kind: 'open' | 'close'; id: number } | null;

/** What a key does on a row; null where it leads nowhere. `hasOpen` says whether the branch of an item is open. */
export function treeMove<Item extends TreeItem>(rows: readonly TreeRow<Item>[], activeId: number, key: string, hasOpen: (id: number) => boolean): TreeMove {
  const index = rows.findIndex((row) => row.node.item.id === activeId);
  const row = rows[index];
  if (row === undefined) return null;
  const { item, children, depth } = row.node;
  const focus = (target: TreeRow<Item> | undefined): TreeMove => (target === undefined ? null : { kind: 'focus', id: target.node.item.id });
  switch (key) {
    case 'ArrowDown':
      return focus(rows[index + 1]);
    case 'ArrowUp':
      return focus(rows[index - 1]);
    case 'Home':
      return focus(rows[0]);
    case 'End':
      return focus(rows.at(-1));
    case 'ArrowRight':
      if (children.length === 0) return null;
      return hasOpen(item.id) ? focus(rows[index + 1]) : { kind: 'open', id: item.id };
    case 'ArrowLeft':
      if (children.length > 0 && hasOpen(item.id)) return { kind: 'close', id: item.id };
      return focus(rows.slice(0, index).findLast((other) => other.node.depth < depth));
    default:
      return key.length === 1 ? focus(startingWith(rows, index, key)) : null;
  }
}

/** The next row, after the last from the first again, whose title starts with a letter. */
function startingWith<Item extends TreeItem>(rows: readonly TreeRow<Item>[], index: number, letter: string): TreeRow<Item> | undefined {
  return [...rows.slice(index + 1), ...rows.slice(0, index)].find((row) => row.node.item.title.toLowerCase().startsWith(letter.toLowerCase()));
}
