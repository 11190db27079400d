/** Where an arrow key goes among things that stand anywhere. */
import type { Point } from './world';

const DIRECTIONS: Readonly<Record<string, Point>> = {
  ArrowLeft: { x: -1, y: 0 },
  ArrowRight: { x: 1, y: 0 },
  ArrowUp: { x: 0, y: -1 },
  ArrowDown: { x: 0, y: 1 },
};

/** The nearest in the direction of the key; what lies aside counts as further away. Null if nothing is there, undefined for other keys. */
export function nearestTowards<Thing extends { at: Point }>(key: string, from: Thing, all: readonly Thing[]): Thing | null | undefined {
  const direction = DIRECTIONS[key];
  if (direction === undefined) return undefined;
  let best: Thing | null = null;
  let least = Infinity;
  for (const other of all) {
    const [dx, dy] = [other.at.x - from.at.x, other.at.y - from.at.y];
    const ahead = dx * direction.x + dy * direction.y;
    const aside = Math.abs(dx * direction.y) + Math.abs(dy * direction.x);
    if (other === from || ahead <= 0 || aside > 3 * ahead) continue;
    const away = ahead + 2 * aside;
    if (away < least) [best, least] = [other, away];
  }
  return best;
}
