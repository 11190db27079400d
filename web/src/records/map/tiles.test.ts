import { describe, expect, test } from 'vitest';
import { tilesOf } from './tiles';

const TEMPLATE = 'https://tiles.example/{z}/{x}/{y}.png?key=1';

describe('pictures of a map', () => {
  test('the whole world is one picture', () => {
    expect(tilesOf(TEMPLATE, 19, { x: 0.5, y: 0.5, zoom: 0 }, { width: 256, height: 256 })).toEqual([
      { url: 'https://tiles.example/0/0/0.png?key=1', left: 0, top: 0, width: 256, height: 256 },
    ]);
  });

  test('the screen is covered without a gap, between two zooms too', () => {
    const size = { width: 801, height: 603 };
    const tiles = tilesOf(TEMPLATE, 19, { x: 0.5831, y: 0.3372, zoom: 9.37 }, size);
    for (const top of new Set(tiles.map((tile) => tile.top))) {
      const row = tiles.filter((tile) => tile.top === top);
      const sorted = [...row].sort((one, other) => one.left - other.left);
      expect(sorted[0]?.left).toBeLessThanOrEqual(0);
      sorted.forEach((tile, at) => {
        const next = sorted[at + 1];
        expect(next?.left ?? tile.left + tile.width).toBe(tile.left + tile.width);
      });
      expect(Math.max(...row.map((tile) => tile.left + tile.width))).toBeGreaterThanOrEqual(size.width);
    }
    expect(Math.min(...tiles.map((tile) => tile.top))).toBeLessThanOrEqual(0);
    expect(Math.max(...tiles.map((tile) => tile.top + tile.height))).toBeGreaterThanOrEqual(size.height);
    expect(new Set(tiles.map((tile) => tile.url)).size).toBe(tiles.length);
  });

  test('closer than there are pictures the closest ones grow, and none is asked for beyond the world', () => {
    const [middle] = tilesOf(TEMPLATE, 10, { x: 0.5831, y: 0.3372, zoom: 12 }, { width: 800, height: 600 });
    expect(middle?.url).toBe('https://tiles.example/10/597/345.png?key=1');
    expect(middle?.width).toBe(1024);
    const corner = tilesOf(TEMPLATE, 10, { x: 0, y: 0, zoom: 3 }, { width: 800, height: 600 });
    expect(corner.every(({ url }) => !url.includes('-'))).toBe(true);
  });
});
