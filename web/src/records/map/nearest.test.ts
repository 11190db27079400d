/** The arrow keys among clusters. */
import { expect, it } from 'vitest';
import { nearestTowards } from './nearest';

it('an arrow goes to the nearest in its direction', () => {
  const thing = (name: string, x: number, y: number) => ({ name, at: { x, y } });
  const kyiv = thing('Київ', 100, 100);
  const all = [kyiv, thing('Харків', 180, 110), thing('Львів', 10, 105), thing('Одеса', 110, 190), thing('Полтава', 150, 135)];
  const towards = (key: string): string | null | undefined => nearestTowards(key, kyiv, all)?.name;
  expect([towards('ArrowRight'), towards('ArrowLeft'), towards('ArrowDown')]).toEqual(['Харків', 'Львів', 'Одеса']);
  expect(nearestTowards('ArrowUp', kyiv, all)).toBeNull();
  expect(nearestTowards('Enter', kyiv, all)).toBeUndefined();
});
