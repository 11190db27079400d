/** A part of the map as the filter language writes it: `50.2 30.1, 50.6 30.9` is a rectangle, three points or more a polygon. Pure functions. */
import { parseFilter, printFilter, type FilterCondition } from '@/util/filter-text';
import { fromScreen, project, unproject, type Place, type Point, type Size, type View } from './world';

/** More corners than this make no shape that a hand has meant. */
const MOST_CORNERS = 40;
/** So many pixels a drawn line may be straightened. */
const STRAIGHTENED = 1.5;
/** What is drawn smaller is a press. */
const LEAST = 8;
/** About a metre. */
const DECIMALS = 5;

function offLine(point: Point, from: Point, to: Point): number {
  const length = Math.hypot(to.x - from.x, to.y - from.y);
  if (length === 0) return Math.hypot(point.x - from.x, point.y - from.y);
  return Math.abs((to.x - from.x) * (from.y - point.y) - (from.x - point.x) * (to.y - from.y)) / length;
}

/** A line with fewer points that is nowhere further than `by` from it. */
export function straightened(line: readonly Point[], by: number): Point[] {
  const [first] = line;
  const last = line.at(-1);
  if (first === undefined || last === undefined || line.length < 3) return [...line];
  const distances = line.map((point) => offLine(point, first, last));
  const furthest = distances.indexOf(Math.max(...distances));
  if ((distances[furthest] ?? 0) <= by) return [first, last];
  return [...straightened(line.slice(0, furthest + 1), by).slice(0, -1), ...straightened(line.slice(furthest), by)];
}

/** The corners of what was drawn on the screen; null when it is too small to be meant. */
export function cornersOf(line: readonly Point[]): Point[] | null {
  const across = (of: (point: Point) => number): number => Math.max(...line.map(of)) - Math.min(...line.map(of));
  if (line.length < 3 || across((point) => point.x) < LEAST || across((point) => point.y) < LEAST) return null;
  let by = STRAIGHTENED;
  let corners = straightened(line, by);
  while (corners.length > MOST_CORNERS) corners = straightened(line, (by *= 1.5));
  return corners.length < 3 ? null : corners;
}

function printCorner({ latitude, longitude }: Place): string {
  return `${Number(latitude.toFixed(DECIMALS))} ${Number(longitude.toFixed(DECIMALS))}`;
}

/** A polygon of the screen as the filter has it. */
export function drawnArea(corners: readonly Point[], view: View, size: Size): string {
  return corners.map((corner) => printCorner(unproject(fromScreen(view, size, corner)))).join(', ');
}

/** All that is seen, as the filter has it. */
export function seenArea(view: View, size: Size): string {
  return drawnArea([{ x: 0, y: size.height }, { x: size.width, y: 0 }], view, size);
}

/** The condition that finds what stands in an area. */
export function areaFilter(field: string, area: string): string {
  return printFilter([{ field, part: 'place', operator: 'in', values: [{ form: 'text', text: area }] }]);
}

/** The corners of the areas that a filter asks about, in units of the world. */
export function areasOf(filter: string | undefined): Point[][] {
  const conditions: FilterCondition[] = (filter === undefined ? null : parseFilter(filter)) ?? [];
  const texts = conditions.filter(({ part, operator }) => part === 'place' && operator === 'in').flatMap(({ values }) => values.map(({ text }) => text));
  return texts.map((text) => {
    const places = text.split(',').map((corner) => corner.trim().split(' ').map(Number));
    const [one, other] = places;
    const corners = places.length === 2 && one !== undefined && other !== undefined ? [one, [one[0], other[1]], other, [other[0], one[1]]] : places;
    return corners.map(([latitude = 0, longitude = 0]) => project({ latitude, longitude }));
  });
}
