import { expect, it } from 'vitest';
import { withSetsAbove } from './use-set-ids';

const tree = [
  { id: 1, title: 'Регионы', parentId: null },
  { id: 2, title: 'Запад', parentId: 1 },
  { id: 3, title: 'Львов', parentId: 2 },
  { id: 4, title: 'Отрасли', parentId: null },
];

it('is in the sets above, each once', () => {
  expect(withSetsAbove([3, 2, 4], tree)).toEqual([3, 2, 1, 4]);
  expect(withSetsAbove([9], tree)).toEqual([9]);
  expect(withSetsAbove([], tree)).toEqual([]);
});
