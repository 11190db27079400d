/** What of the coast is drawn. */
import { expect, it } from 'vitest';
import { cutOff, ringsOf } from './land';

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

it('a coast over the edge of the world is drawn at both sides, one around a pole down to it', () => {
  const chukotka = ringsOf([[170, 70], [-170, 70], [-170, 60], [170, 60], [170, 70]]);
  expect(chukotka).toHaveLength(2);
  expect(chukotka.every(({ west, east }) => east - west < 0.1)).toBe(true);
  const antarctica = ringsOf([[-180, -80], [-60, -80], [60, -80], [179, -80], [-180, -80]]);
  expect(antarctica[0]?.south).toBeGreaterThan(1);
  expect(ringsOf([[30, 50], [31, 50], [31, 51], [30, 50]])).toHaveLength(1);
});
