import { describe, expect, it } from 'vitest';
import { ancestorIds, buildTree, canMove, searchTree, treePaths, treeRows, type TreeItem, type TreeNode } from './tree';

function item(id: number, title: string, parentId: number | null = null): TreeItem {
  return { id, title, parentId };
}

const ITEMS = [item(3, 'Львов', 2), item(1, 'Регионы'), item(4, 'Дилеры'), item(2, 'Запад', 1), item(5, 'Группа 10'), item(6, 'Группа 9')];

/** `Регионы(Запад(Львов))` */
function drawn(nodes: readonly TreeNode<TreeItem>[]): string {
  return nodes.map((node) => node.item.title + (node.children.length === 0 ? '' : `(${drawn(node.children)})`)).join(' ');
}

describe('a tree', () => {
  it('puts each below the one it names, by title and number', () => {
    expect(drawn(buildTree(ITEMS, 'ru'))).toBe('Группа 9 Группа 10 Дилеры Регионы(Запад(Львов))');
  });

  it('loses nobody whose group is gone or goes in a ring', () => {
    expect(drawn(buildTree([item(1, 'a', 99), item(2, 'b', 3), item(3, 'c', 2), item(4, 'd', 3)], 'en'))).toBe('a b c(d)');
  });

  it('draws rows of open branches with their places', () => {
    const tree = buildTree(ITEMS, 'ru');
    const rows = (open: number[]): string[] =>
      treeRows(tree, (one) => open.includes(one.id)).map(({ node, position, siblings }) => `${node.depth} ${node.item.title} ${position}/${siblings}`);
    expect(rows([])).toEqual(['0 Группа 9 1/4', '0 Группа 10 2/4', '0 Дилеры 3/4', '0 Регионы 4/4']);
    expect(rows([1, 2]).slice(3)).toEqual(['0 Регионы 4/4', '1 Запад 1/1', '2 Львов 1/1']);
  });

  it('finds by words, with all above', () => {
    const tree = buildTree(ITEMS, 'ru');
    expect(drawn(searchTree(tree, 'ЛЬВ'))).toBe('Регионы(Запад(Львов))');
    expect(drawn(searchTree(tree, 'регион'))).toBe('Регионы(Запад(Львов))');
    expect(drawn(searchTree(tree, '10 группа'))).toBe('Группа 10');
    expect(searchTree(tree, 'нет такой')).toEqual([]);
    expect(searchTree(tree, ' ')).toEqual(tree);
  });

  it('names the way to an item', () => {
    expect(treePaths(buildTree(ITEMS, 'ru')).get(3)).toEqual(['Регионы', 'Запад', 'Львов']);
    expect(ancestorIds(ITEMS, 3)).toEqual([2, 1]);
  });

  it.each([
    [2, null, true],
    [2, 4, true],
    [4, 3, true],
    [1, null, false],
    [2, 1, false],
    [1, 1, false],
    [1, 3, false],
    [99, 1, false],
  ])('moves %s below %s: %s', (id, target, expected) => expect(canMove(ITEMS, id, target)).toBe(expected));
});
