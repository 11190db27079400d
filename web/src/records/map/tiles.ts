/** Pictures of a map service below the clusters: which of them a look needs, and where they stand. Pure functions. */
import { scaleOf, type Size, type View } from './world';

export interface Tile {
  /** Where it is loaded from; its own key as well. */
  url: string;
  /** Whole pixels of the screen, so that neighbours meet without a line between them. */
  left: number;
  top: number;
  width: number;
  height: number;
}

/** Nobody's screen needs more; a mistake in the arithmetic shall not ask a service for thousands. */
const MOST_TILES = 400;

/** The pictures that cover the screen, from the middle outwards, as they are to be loaded. */
export function tilesOf(template: string, maxZoom: number, view: View, size: Size): Tile[] {
  const zoom = Math.min(Math.max(Math.round(view.zoom), 0), maxZoom);
  const count = 2 ** zoom;
  const side = scaleOf(view.zoom) / count;
  const origin = { x: view.x * count * side - size.width / 2, y: view.y * count * side - size.height / 2 };
  const at = (pixels: number): number => Math.min(Math.max(Math.floor(pixels / side), 0), count - 1);
  const edge = (column: number, from: number): number => Math.round(column * side - from);
  const tiles: (Tile & { distance: number })[] = [];
  for (let y = at(origin.y); y <= at(origin.y + size.height - 1); y += 1) {
    for (let x = at(origin.x); x <= at(origin.x + size.width - 1); x += 1) {
      const left = edge(x, origin.x);
      const top = edge(y, origin.y);
      tiles.push({
        url: template.replace('{z}', String(zoom)).replace('{x}', String(x)).replace('{y}', String(y)),
        left,
        top,
        width: edge(x + 1, origin.x) - left,
        height: edge(y + 1, origin.y) - top,
        distance: Math.hypot((x + 0.5) / count - view.x, (y + 0.5) / count - view.y),
      });
    }
  }
  return tiles
    .sort((one, other) => one.distance - other.distance)
    .slice(0, MOST_TILES)
    .map(({ url, left, top, width, height }) => ({ url, left, top, width, height }));
}
