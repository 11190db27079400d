/** The world on a screen: Mercator as maps of the web have it, the whole world one unit wide. Pure functions. */

/** Degrees, WGS 84. */
export interface Place {
  latitude: number;
  longitude: number;
}

/** Degrees: west, south, east, north. */
export type Bounds = readonly [west: number, south: number, east: number, north: number];

/** What is looked at: the point in the middle of the screen, in units of the world, and how closely. */
export interface View {
  x: number;
  y: number;
  zoom: number;
}

export interface Size {
  width: number;
  height: number;
}

export interface Point {
  x: number;
  y: number;
}

/** Pixels of the world at zoom 0. */
const WORLD = 256;
export const MAX_ZOOM = 18;
/** Beyond this latitude the square world ends. */
const MAX_LATITUDE = 85.0511;
/** The server is asked for more than the screen shows, in steps, so that a small move asks nothing. */
const STEPS_OF_SCREEN = 4;

const clamp = (value: number, least: number, most: number): number => Math.min(Math.max(value, least), Math.max(least, most));

export function scaleOf(zoom: number): number {
  return WORLD * 2 ** zoom;
}

export function project({ latitude, longitude }: Place): Point {
  const radians = (clamp(latitude, -MAX_LATITUDE, MAX_LATITUDE) * Math.PI) / 180;
  return { x: longitude / 360 + 0.5, y: 0.5 - Math.asinh(Math.tan(radians)) / (2 * Math.PI) };
}

export function unproject({ x, y }: Point): Place {
  return { latitude: (Math.atan(Math.sinh((0.5 - y) * 2 * Math.PI)) * 180) / Math.PI, longitude: (x - 0.5) * 360 };
}

export function toScreen(view: View, size: Size, point: Point): Point {
  const scale = scaleOf(view.zoom);
  return { x: (point.x - view.x) * scale + size.width / 2, y: (point.y - view.y) * scale + size.height / 2 };
}

export function fromScreen(view: View, size: Size, point: Point): Point {
  const scale = scaleOf(view.zoom);
  return { x: view.x + (point.x - size.width / 2) / scale, y: view.y + (point.y - size.height / 2) / scale };
}

/** The same, within the world: never less than a world as wide as the screen, never beyond its edge. */
export function withinWorld(view: View, size: Size): View {
  const least = Math.log2(Math.max(size.width, size.height, WORLD) / WORLD);
  const zoom = clamp(view.zoom, Math.min(least, MAX_ZOOM), MAX_ZOOM);
  const scale = scaleOf(zoom);
  const half = { x: size.width / 2 / scale, y: size.height / 2 / scale };
  return { x: clamp(view.x, half.x, 1 - half.x), y: clamp(view.y, half.y, 1 - half.y), zoom };
}

/** Closer or further, so that what is under the pointer stays there. */
export function zoomedAt(view: View, size: Size, pointer: Point, by: number): View {
  const fixed = fromScreen(view, size, pointer);
  const zoom = withinWorld({ ...view, zoom: view.zoom + by }, size).zoom;
  const scale = scaleOf(zoom);
  return withinWorld({ x: fixed.x - (pointer.x - size.width / 2) / scale, y: fixed.y - (pointer.y - size.height / 2) / scale, zoom }, size);
}

export function movedBy(view: View, size: Size, dx: number, dy: number): View {
  const scale = scaleOf(view.zoom);
  return withinWorld({ ...view, x: view.x - dx / scale, y: view.y - dy / scale }, size);
}

/** Moved just so far that a point is on the screen, with some room around it. */
export function showing(view: View, size: Size, point: Point, room = 48): View {
  const at = toScreen(view, size, point);
  const inside = { x: clamp(at.x, room, size.width - room), y: clamp(at.y, room, size.height - room) };
  return movedBy(view, size, inside.x - at.x, inside.y - at.y);
}

/** The closest look that shows all of it, with room around. */
export function viewOf(bounds: Bounds, size: Size, closest: number, room = 64): View {
  const [west, south, east, north] = bounds;
  const from = project({ latitude: north, longitude: west });
  const to = project({ latitude: south, longitude: east });
  const fits = (pixels: number, part: number): number => (part <= 0 ? closest : Math.log2(Math.max(pixels - 2 * room, 48) / (part * WORLD)));
  const zoom = Math.min(fits(size.width, to.x - from.x), fits(size.height, to.y - from.y), closest);
  return withinWorld({ x: (from.x + to.x) / 2, y: (from.y + to.y) / 2, zoom }, size);
}

/** What to ask the server for: the screen and some room around it, by steps. */
export function askedBounds(view: View, size: Size): Bounds {
  const scale = scaleOf(Math.floor(view.zoom));
  const step = { x: size.width / STEPS_OF_SCREEN / scale, y: size.height / STEPS_OF_SCREEN / scale };
  const from = fromScreen(view, size, { x: 0, y: 0 });
  const to = fromScreen(view, size, { x: size.width, y: size.height });
  const west = clamp((Math.floor(from.x / step.x) - 1) * step.x, 0, 1);
  const east = clamp((Math.ceil(to.x / step.x) + 1) * step.x, 0, 1);
  const top = clamp((Math.floor(from.y / step.y) - 1) * step.y, 0, 1);
  const bottom = clamp((Math.ceil(to.y / step.y) + 1) * step.y, 0, 1);
  const northWest = unproject({ x: west, y: top });
  const southEast = unproject({ x: east, y: bottom });
  return [northWest.longitude, southEast.latitude, southEast.longitude, northWest.latitude];
}

/** As addresses of the API and of pages have it. */
export function printBounds(bounds: Bounds): string {
  return bounds.map((degrees) => String(Number(degrees.toFixed(6)))).join(',');
}

export function readBounds(text: string | undefined): Bounds | null {
  const numbers = (text ?? '').split(',').map((part) => (part.trim() === '' ? Number.NaN : Number(part)));
  const [west, south, east, north] = numbers;
  if (numbers.length !== 4 || !numbers.every(Number.isFinite)) return null;
  return [west ?? 0, south ?? 0, east ?? 0, north ?? 0];
}

/** `50.45,30.52,9`: what stands in the middle and how closely. */
export function printView(view: View): string {
  const { latitude, longitude } = unproject(view);
  return [latitude.toFixed(4), longitude.toFixed(4), view.zoom.toFixed(2)].map(Number).join(',');
}

export function readView(text: string | undefined): View | null {
  const numbers = (text ?? '').split(',').map((part) => (part.trim() === '' ? Number.NaN : Number(part)));
  const [latitude = 0, longitude = 0, zoom = 0] = numbers;
  if (numbers.length !== 3 || !numbers.every(Number.isFinite) || Math.abs(latitude) > 90 || Math.abs(longitude) > 180) return null;
  return { ...project({ latitude, longitude }), zoom: clamp(zoom, 0, MAX_ZOOM) };
}

/** Two numbers as people copy them from another map: `50.4501, 30.5234`, `50,4501 30,5234`, `50.4501° N, 30.5234° E`. */
export function readPlace(text: string): Place | null {
  const sides = /([NSEW])/giu;
  const plain = text.replace(/[°º]/gu, ' ').replace(/(\d),(\d)/gu, /\d\.\d/u.test(text) ? '$1 $2' : '$1.$2');
  const numbers = plain.match(/-?\d+(?:\.\d+)?/gu)?.map(Number) ?? [];
  const [first, second] = numbers;
  if (numbers.length !== 2 || first === undefined || second === undefined) return null;
  const letters = [...plain.matchAll(sides)].map(([letter]) => letter.toUpperCase());
  const latitude = letters.includes('S') ? -first : first;
  const longitude = letters.includes('W') ? -second : second;
  return Math.abs(latitude) <= 90 && Math.abs(longitude) <= 180 ? { latitude, longitude } : null;
}

export function printPlace({ latitude, longitude }: Place): string {
  return `${Number(latitude.toFixed(6))}, ${Number(longitude.toFixed(6))}`;
}

/** What holds nearly all of what stands on the map: a few that are far away do not decide how closely one looks. */
export function mostOf(clusters: readonly { count: number; bounds: readonly number[] }[]): Bounds | null {
  const total = clusters.reduce((sum, cluster) => sum + cluster.count, 0);
  let seen = 0;
  let found: [number, number, number, number] | null = null;
  for (const { count, bounds } of [...clusters].sort((one, other) => other.count - one.count)) {
    if (found !== null && seen >= total * 0.95) break;
    const [west = 0, south = 0, east = 0, north = 0] = bounds;
    found =
      found === null
        ? [west, south, east, north]
        : [Math.min(found[0], west), Math.min(found[1], south), Math.max(found[2], east), Math.max(found[3], north)];
    seen += count;
  }
  return found;
}
