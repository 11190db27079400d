import { describe, expect, it } from 'vitest';
import { buildTree, treeRows, type TreeItem } from './tree';
import { treeMove } from './tree-keys';

const ITEMS: TreeItem[] = [
  { id: 1, title: 'Дилеры', parentId: null },
  { id: 2, title: 'Регионы', parentId: null },
  { id: 3, title: 'Восток', parentId: 2 },
  { id: 4, title: 'Запад', parentId: 2 },
  { id: 5, title: 'Львов', parentId: 4 },
];
const open = new Set([2]);
const rows = treeRows(buildTree(ITEMS, 'ru'), (item) => open.has(item.id));

describe('a key in the tree', () => {
  it.each([
    ['ArrowDown', 1, { kind: 'focus', id: 2 }],
    ['ArrowDown', 4, null],
    ['ArrowUp', 1, null],
    ['ArrowUp', 3, { kind: 'focus', id: 2 }],
    ['Home', 4, { kind: 'focus', id: 1 }],
    ['End', 1, { kind: 'focus', id: 4 }],
    ['ArrowRight', 1, null],
    ['ArrowRight', 2, { kind: 'focus', id: 3 }],
    ['ArrowRight', 4, { kind: 'open', id: 4 }],
    ['ArrowLeft', 2, { kind: 'close', id: 2 }],
    ['ArrowLeft', 4, { kind: 'focus', id: 2 }],
    ['ArrowLeft', 1, null],
    ['р', 3, { kind: 'focus', id: 2 }],
    ['з', 1, { kind: 'focus', id: 4 }],
    ['ы', 1, null],
    ['Tab', 1, null],
  ] as const)('%s on %s', (key, id, expected) => expect(treeMove(rows, id, key, (one) => open.has(one))).toEqual(expected));
});
