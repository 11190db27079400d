/** The land of the world: coast lines of Natural Earth without any border, drawn on a canvas. */
import { queryOptions } from '@tanstack/react-query';
import { feature } from 'topojson-client';
import type { MultiPolygon, Polygon, Position } from 'geojson';
import { fromScreen, project, scaleOf, type Point, type Size, type View } from './world';

/** A closed line of the coast in units of the world, with what it spans. */
export interface Ring {
  points: Float64Array;
  west: number;
  north: number;
  east: number;
  south: number;
}

/** Points nearer than so many pixels to the one before are not drawn. */
const NEAREST = 0.8;
/** Where the world has ended. */
const BELOW = 1.1;
/** The coast is cut off so many pixels beyond the screen. */
const BEYOND = 8;

function ringOf(points: readonly Point[]): Ring {
  const ring: Ring = { points: Float64Array.from(points.flatMap(({ x, y }) => [x, y])), west: Infinity, north: Infinity, east: -Infinity, south: -Infinity };
  for (const { x, y } of points) {
    ring.west = Math.min(ring.west, x);
    ring.east = Math.max(ring.east, x);
    ring.north = Math.min(ring.north, y);
    ring.south = Math.max(ring.south, y);
  }
  return ring;
}

/** A coast that goes over the edge of the world goes on beyond it, and is drawn a second time where it comes in at the other side. */
export function ringsOf(positions: readonly Position[]): Ring[] {
  const points: Point[] = [];
  let turns = 0;
  let before: number | null = null;
  for (const [longitude = 0, latitude = 0] of positions) {
    if (before !== null && Math.abs(longitude - before) > 180) turns += longitude < before ? 1 : -1;
    before = longitude;
    const { x, y } = project({ latitude, longitude });
    points.push({ x: x + turns, y });
  }
  const [first] = points;
  const last = points.at(-1);
  // The coast of Antarctica goes around the pole: it is closed below the edge.
  if (turns !== 0 && first !== undefined && last !== undefined) points.push({ x: last.x, y: BELOW }, { x: first.x, y: BELOW });
  const ring = ringOf(points);
  const moved = (by: number): Ring => ringOf(points.map(({ x, y }) => ({ x: x + by, y })));
  return [ring, ...(ring.east > 1 ? [moved(-1)] : []), ...(ring.west < 0 ? [moved(1)] : [])];
}

async function loadLand(): Promise<Ring[]> {
  const { default: world } = await import('world-atlas/land-50m.json');
  const { land } = world.objects;
  if (land === undefined) return [];
  const found = feature(world, land);
  const shapes = 'features' in found ? found.features : [found];
  return shapes.flatMap(({ geometry }) => {
    const polygons = geometry.type === 'MultiPolygon' ? (geometry as MultiPolygon).coordinates : [(geometry as Polygon).coordinates];
    return polygons.flatMap((polygon) => polygon.flatMap(ringsOf));
  });
}

/** The coast, fetched with the first map. */
export const landQuery = queryOptions({ queryKey: ['land'], queryFn: loadLand, staleTime: Infinity, gcTime: Infinity });

type Side = { inside: (x: number, y: number) => boolean; cross: (x1: number, y1: number, x2: number, y2: number) => [number, number] };

/** Cuts a closed line off at one side of the screen after the other (Sutherland and Hodgman). */
export function cutOff(points: readonly number[], left: number, top: number, right: number, bottom: number): number[] {
  const atX = (edge: number): Side['cross'] => (x1, y1, x2, y2) => [edge, y1 + ((y2 - y1) * (edge - x1)) / (x2 - x1)];
  const atY = (edge: number): Side['cross'] => (x1, y1, x2, y2) => [x1 + ((x2 - x1) * (edge - y1)) / (y2 - y1), edge];
  const sides: Side[] = [
    { inside: (x) => x >= left, cross: atX(left) },
    { inside: (x) => x <= right, cross: atX(right) },
    { inside: (_, y) => y >= top, cross: atY(top) },
    { inside: (_, y) => y <= bottom, cross: atY(bottom) },
  ];
  let cut: readonly number[] = points;
  for (const { inside, cross } of sides) {
    const next: number[] = [];
    for (let at = 0; at < cut.length; at += 2) {
      const before = at === 0 ? cut.length - 2 : at - 2;
      const [x1, y1, x2, y2] = [cut[before] ?? 0, cut[before + 1] ?? 0, cut[at] ?? 0, cut[at + 1] ?? 0];
      if (inside(x1, y1) !== inside(x2, y2)) next.push(...cross(x1, y1, x2, y2));
      if (inside(x2, y2)) next.push(x2, y2);
    }
    cut = next;
  }
  return [...cut];
}

/** The path of the land that is in sight. */
export function traceLand(path: Path2D, land: readonly Ring[], view: View, size: Size): void {
  const scale = scaleOf(view.zoom);
  const from = fromScreen(view, size, { x: 0, y: 0 });
  const to = fromScreen(view, size, { x: size.width, y: size.height });
  for (const ring of land) {
    if (ring.east < from.x || ring.west > to.x || ring.south < from.y || ring.north > to.y) continue;
    if ((ring.east - ring.west) * scale < NEAREST && (ring.south - ring.north) * scale < NEAREST) continue;
    const seen: number[] = [];
    let [lastX, lastY] = [Infinity, Infinity];
    for (let at = 0; at < ring.points.length; at += 2) {
      const x = ((ring.points[at] ?? 0) - from.x) * scale;
      const y = ((ring.points[at + 1] ?? 0) - from.y) * scale;
      if (Math.abs(x - lastX) < NEAREST && Math.abs(y - lastY) < NEAREST) continue;
      seen.push(x, y);
      [lastX, lastY] = [x, y];
    }
    const isWhole = ring.west > from.x && ring.east < to.x && ring.north > from.y && ring.south < to.y;
    const shown = isWhole ? seen : cutOff(seen, -BEYOND, -BEYOND, size.width + BEYOND, size.height + BEYOND);
    for (let at = 0; at < shown.length; at += 2) {
      if (at === 0) path.moveTo(shown[0] ?? 0, shown[1] ?? 0);
      else path.lineTo(shown[at] ?? 0, shown[at + 1] ?? 0);
    }
    if (shown.length > 0) path.closePath();
  }
}
