/** Records that name the one above them, as a tree: what is below what, in which order rows stand, where a branch may go. */

export interface TreeItem {
  id: number;
  title: string;
  /** Null at the top. */
  parentId: number | null;
}

export interface TreeNode<Item extends TreeItem> {
  item: Item;
  /** 0 at the top. */
  depth: number;
  children: TreeNode<Item>[];
}

/** A row of the tree as it is drawn, closed branches left out. */
export interface TreeRow<Item extends TreeItem> {
  node: TreeNode<Item>;
  /** From 1, among those with the same item above, and how many these are. */
  position: number;
  siblings: number;
}

/** Sorted by title at each level. What names an unknown item above it, or itself in a ring, stands at the top: nothing is lost. */
export function buildTree<Item extends TreeItem>(items: readonly Item[], language: string): TreeNode<Item>[] {
  const byParent = new Map<number | null, Item[]>();
  const parents = parentsOf(items);
  for (const item of items) {
    const isBelow = item.parentId !== null && parents.has(item.parentId) && !above(parents, item.id).includes(item.id);
    const parent = isBelow ? item.parentId : null;
    byParent.set(parent, [...(byParent.get(parent) ?? []), item]);
  }
  const { compare } = new Intl.Collator(language, { numeric: true });
  function below(parent: number | null, depth: number): TreeNode<Item>[] {
    const own = (byParent.get(parent) ?? []).sort((a, b) => compare(a.title, b.title) || a.id - b.id);
    return own.map((item) => ({ item, depth, children: below(item.id, depth + 1) }));
  }
  return below(null, 0);
}

function parentsOf(items: readonly TreeItem[]): Map<number, number | null> {
  return new Map(items.map((item) => [item.id, item.parentId]));
}

function above(parents: ReadonlyMap<number, number | null>, id: number): number[] {
  const found: number[] = [];
  let next = parents.get(id) ?? null;
  while (next !== null && !found.includes(next)) {
    found.push(next);
    next = parents.get(next) ?? null;
  }
  return found;
}

/** The ids above an item, the nearest first; a ring is walked once. */
export function ancestorIds(items: readonly TreeItem[], id: number): number[] {
  return above(parentsOf(items), id);
}

/** The rows from top to bottom. `isOpen` says whether what stands below an item is shown. */
export function treeRows<Item extends TreeItem>(nodes: readonly TreeNode<Item>[], isOpen: (item: Item) => boolean): TreeRow<Item>[] {
  return nodes.flatMap((node, index) => [
    { node, position: index + 1, siblings: nodes.length },
    ...(isOpen(node.item) ? treeRows(node.children, isOpen) : []),
  ]);
}

/** Those whose title answers every word that is typed, with all above them. */
export function searchTree<Item extends TreeItem>(nodes: readonly TreeNode<Item>[], text: string): TreeNode<Item>[] {
  const words = text.trim().toLowerCase().split(/\s+/).filter(Boolean);
  if (words.length === 0) return [...nodes];
  return nodes.flatMap((node) => {
    const title = node.item.title.toLowerCase();
    if (words.every((word) => title.includes(word))) return [node];
    const children = searchTree(node.children, text);
    return children.length === 0 ? [] : [{ ...node, children }];
  });
}

/** The titles from the top down to each item: `["Regions", "West"]`. */
export function treePaths<Item extends TreeItem>(nodes: readonly TreeNode<Item>[], before: readonly string[] = []): Map<number, string[]> {
  const paths = new Map<number, string[]>();
  for (const { item, children } of nodes) {
    const path = [...before, item.title];
    paths.set(item.id, path);
    for (const [id, inner] of treePaths(children, path)) paths.set(id, inner);
  }
  return paths;
}

/** Nothing goes below itself, and a branch that is there already goes nowhere. Null is the top. */
export function canMove(items: readonly TreeItem[], id: number, target: number | null): boolean {
  const item = items.find((candidate) => candidate.id === id);
  if (item === undefined || item.parentId === target) return false;
  return target === null || (target !== id && !ancestorIds(items, target).includes(id));
}
