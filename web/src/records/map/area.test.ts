import { describe, expect, test } from 'vitest';
import { areaFilter, areasOf, cornersOf, drawnArea, seenArea, straightened } from './area';
import { project, type Point } from './world';

const SIZE = { width: 800, height: 600 };
const KYIV = { ...project({ latitude: 50.45, longitude: 30.52 }), zoom: 10 };

/** A circle as a hand draws it, a point for each pixel of the way. */
function circle(radius: number): Point[] {
  return Array.from({ length: 400 }, (_, at) => ({ x: 400 + radius * Math.cos(at / 63.7), y: 300 + radius * Math.sin(at / 63.7) }));
}

describe('an area', () => {
  test('keeps its shape with few corners', () => {
    expect(straightened([{ x: 0, y: 0 }, { x: 5, y: 0.4 }, { x: 10, y: 0 }, { x: 10, y: 9 }], 1)).toEqual([{ x: 0, y: 0 }, { x: 10, y: 0 }, { x: 10, y: 9 }]);
    const corners = cornersOf(circle(200)) ?? [];
    expect(corners.length).toBeGreaterThan(8);
    expect(corners.length).toBeLessThanOrEqual(40);
    for (const { x, y } of corners) expect(Math.hypot(x - 400, y - 300)).toBeCloseTo(200, 6);
  });

  test('is no press and no line', () => {
    expect(cornersOf(circle(3))).toBeNull();
    expect(cornersOf([{ x: 0, y: 0 }, { x: 100, y: 0 }, { x: 200, y: 1 }])).toBeNull();
  });

  test('becomes a condition and is found in a filter again', () => {
    const area = drawnArea([{ x: 100, y: 100 }, { x: 700, y: 120 }, { x: 400, y: 500 }], KYIV, SIZE);
    const filter = areaFilter('addresses', area);
    expect(filter).toMatch(/^addresses\.place in \("50\.\d+ 30\.\d+, 50\.\d+ 30\.\d+, 50\.\d+ 30\.\d+"\)$/);
    const [corners] = areasOf(`warmth = hot and ${filter}`);
    expect(corners).toHaveLength(3);
    expect(areasOf('addresses.city = "Київ"')).toEqual([]);
    expect(areasOf(undefined)).toEqual([]);
  });

  test('that is seen is a rectangle', () => {
    const seen = seenArea(KYIV, SIZE);
    const [southWest = '', northEast = ''] = seen.split(', ');
    expect(Number(southWest.split(' ')[0])).toBeLessThan(50.45);
    expect(Number(northEast.split(' ')[0])).toBeGreaterThan(50.45);
    expect(areasOf(areaFilter('addresses', seen))[0]).toHaveLength(4);
  });
});
