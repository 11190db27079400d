/** What of the coast is drawn. */
import { expect, it } from 'vitest';
import { cutOff } from './land';

it('a coast around the whole screen becomes the screen', () => {
  const around = [-1e9, -1e9, 1e9, -1e9, 1e9, 1e9, -1e9, 1e9];
  const cut = cutOff(around, 0, 0, 100, 50);
  const corners = new Set(Array.from({ length: cut.length / 2 }, (_, at) => `${cut[at * 2]} ${cut[at * 2 + 1]}`));
  expect(corners).toEqual(new Set(['0 0', '100 0', '100 50', '0 50']));
});

it('a coast beside the screen is not drawn, one inside as it is', () => {
  expect(cutOff([200, 10, 300, 10, 300, 20], 0, 0, 100, 50)).toEqual([]);
  expect(cutOff([10, 10, 20, 10, 20, 20], 0, 0, 100, 50)).toHaveLength(6);
});
