/** Draws the base of a map: land and water, and towns with their names. Colours come from the style sheet of the canvas. */
import { labelIn } from '@/util/languages';
import { traceLand, type Ring } from './land';
import type { Town } from './map-queries';
import { project, toScreen, type Point, type Size, type View } from './world';

/** Around what stands on the map, and around each name, so many pixels stay free. */
const TAKEN = 22;
const GAP = 4;
const LINE = 16;
const DOT = 2.5;

export interface Painting {
  view: View;
  size: Size;
  land: readonly Ring[];
  towns: readonly Town[];
  language: string;
  /** Where something stands on the map, in pixels. */
  taken: readonly Taken[];
}

/** A place where something stands, and what it may be called. */
export interface Taken extends Point {
  name: string | null;
}

interface Box {
  left: number;
  top: number;
  right: number;
  bottom: number;
}

function meet(one: Box, other: Box): boolean {
  return one.left < other.right + GAP && other.left < one.right + GAP && one.top < other.bottom + GAP && other.top < one.bottom + GAP;
}

export function paint(canvas: HTMLCanvasElement, { view, size, land, towns, language, taken }: Painting): void {
  const context = canvas.getContext('2d');
  if (context === null) return;
  const density = window.devicePixelRatio || 1;
  canvas.width = Math.round(size.width * density);
  canvas.height = Math.round(size.height * density);
  context.setTransform(density, 0, 0, density, 0, 0);
  // The style sheet cannot name colours for a canvas, so it names them for things that a canvas does not have.
  const style = getComputedStyle(canvas);
  const colours = { land: style.color, coast: style.outlineColor, ink: style.caretColor, halo: style.columnRuleColor };

  const path = new Path2D();
  traceLand(path, land, view, size);
  context.fillStyle = colours.land;
  context.fill(path);
  context.strokeStyle = colours.coast;
  context.lineWidth = 1;
  context.stroke(path);

  context.font = `500 12px ${style.fontFamily}`;
  context.textBaseline = 'middle';
  context.lineJoin = 'round';
  context.lineWidth = 3;
  context.strokeStyle = colours.halo;
  context.fillStyle = colours.ink;
  const boxes: Box[] = taken.map(({ x, y }) => ({ left: x - TAKEN, right: x + TAKEN, top: y - TAKEN, bottom: y + TAKEN }));

  /** Writes a name if there is room for the whole of it. */
  function write(name: string, left: number, middle: number, width: number, dot: Point | null): boolean {
    if (context === null) return false;
    const box = { left: dot === null ? left : dot.x - DOT, right: left + width, top: middle - LINE / 2, bottom: middle + LINE / 2 };
    const isCut = box.left < 0 || box.right > size.width || box.top < 0 || box.bottom > size.height;
    if (isCut || boxes.some((other) => meet(box, other))) return false;
    boxes.push(box);
    if (dot !== null) {
      context.beginPath();
      context.arc(dot.x, dot.y, DOT, 0, 2 * Math.PI);
      context.fill();
    }
    context.strokeText(name, left, middle);
    context.fillText(name, left, middle);
    return true;
  }

  /** What stands on a town has its name below. */
  function writeBelow(name: string, { x, y }: Point): boolean {
    const width = context?.measureText(name).width ?? 0;
    return write(name, x - width / 2, y + TAKEN + GAP + LINE / 2, width, null);
  }

  const named = new Set<Taken>();
  for (const town of towns) {
    const { x, y } = toScreen(view, size, project(town));
    if (x < -50 || y < -10 || x > size.width + 50 || y > size.height + 10) continue;
    const name = labelIn(town.names, language);
    const below = taken.find((point) => Math.hypot(point.x - x, point.y - y) < TAKEN);
    if (below === undefined) write(name, x + DOT + GAP, y, context.measureText(name).width, { x, y });
    else if (!named.has(below) && writeBelow(name, below)) named.add(below);
  }
  for (const point of taken) {
    if (point.name !== null && !named.has(point)) writeBelow(point.name, point);
  }
}
