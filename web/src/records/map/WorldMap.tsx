import { useQuery } from '@tanstack/react-query';
import { useEffect, useLayoutEffect, useMemo, useReducer, useRef, type KeyboardEvent, type PointerEvent, type ReactNode, type Ref } from 'react';
import { useTranslation } from 'react-i18next';
import { useSession } from '@/api/session';
import { useFormat } from '@/ui/use-format';
import { classNames } from '@/util/class-names';
import { landQuery } from './land';
import { townsQuery } from './map-queries';
import { paint, type Taken } from './paint';
import { TileLayer } from './TileLayer';
import { askedBounds, movedBy, zoomedAt, type Point, type Size, type View } from './world';
import styles from './WorldMap.module.css';

export interface WorldMapProps {
  label: string;
  size: Size;
  view: View;
  /** Without it the map stands still. */
  onView?: (view: View) => void;
  /** The map itself was pressed, at this place of the screen. */
  onPress?: (point: Point) => void;
  /** Where something stands, in pixels: no name of a town is written there. */
  taken?: readonly Taken[];
  frameRef?: Ref<HTMLDivElement>;
  children?: ReactNode;
}

/** Zoom of one turn of a wheel (100 pixels), of a press of a key. */
const WHEEL = 0.4;
const KEY_ZOOM = 1;
const KEY_MOVE = 80;
/** A press that moves less is no drag. */
const PRESS = 4;
const NOTHING: readonly Taken[] = [];
const MOVES: Readonly<Record<string, readonly [number, number]>> = {
  ArrowLeft: [KEY_MOVE, 0],
  ArrowRight: [-KEY_MOVE, 0],
  ArrowUp: [0, KEY_MOVE],
  ArrowDown: [0, -KEY_MOVE],
};

/** Draws again when the page changes between light and dark. */
function useTheme(): number {
  const [count, again] = useReducer((before: number) => before + 1, 0);
  useEffect(() => {
    const dark = window.matchMedia('(prefers-color-scheme: dark)');
    const observer = new MutationObserver(again);
    observer.observe(document.documentElement, { attributes: true });
    dark.addEventListener('change', again);
    return () => {
      observer.disconnect();
      dark.removeEventListener('change', again);
    };
  }, []);
  return count;
}

/** A map of the world: land, water and towns, or the pictures of a map service; moved by pointer, wheel, fingers and keys; what stands on it are its children. */
export function WorldMap({ label, size, view, onView, onPress, taken = NOTHING, frameRef, children }: WorldMapProps) {
  const { t } = useTranslation('records');
  const { language } = useFormat();
  const { installation } = useSession();
  const canvas = useRef<HTMLCanvasElement>(null);
  const frame = useRef<HTMLDivElement | null>(null);
  const theme = useTheme();
  const land = useQuery(landQuery).data;
  const asked = useMemo(() => askedBounds(view, size), [view, size]);
  const towns = useQuery(townsQuery(asked)).data?.towns;
  // Several events may come before the next drawing.
  const latest = useRef({ view, size, onView });
  latest.current = { view, size, onView };

  useLayoutEffect(() => {
    if (canvas.current !== null) paint(canvas.current, { view, size, land: land ?? [], towns: towns ?? [], language, taken });
  }, [view, size, land, towns, language, taken, theme]);

  function look(next: View): void {
    latest.current.view = next;
    latest.current.onView?.(next);
  }

  const isMoving = onView !== undefined;
  useEffect(() => {
    const element = frame.current;
    if (element === null || !isMoving) return;
    function turn(event: WheelEvent): void {
      event.preventDefault();
      const { view: from, size: whole, onView: tell } = latest.current;
      const box = element?.getBoundingClientRect();
      const pixels = event.deltaY * (event.deltaMode === 1 ? 33 : 1) * (event.ctrlKey ? 5 : 1);
      const by = Math.max(-1, Math.min(1, (-pixels / 100) * WHEEL));
      const next = zoomedAt(from, whole, { x: event.clientX - (box?.left ?? 0), y: event.clientY - (box?.top ?? 0) }, by);
      latest.current.view = next;
      tell?.(next);
    }
    element.addEventListener('wheel', turn, { passive: false });
    return () => element.removeEventListener('wheel', turn);
  }, [isMoving]);

  const pointers = useRef(new Map<number, Point>());
  const moved = useRef(0);

  function pointOf(event: PointerEvent): Point {
    const box = frame.current?.getBoundingClientRect();
    return { x: event.clientX - (box?.left ?? 0), y: event.clientY - (box?.top ?? 0) };
  }

  function handleDown(event: PointerEvent<HTMLDivElement>): void {
    if (!isMoving || event.button !== 0 || (event.target as HTMLElement).closest('button, a, aside') !== null) return;
    event.currentTarget.setPointerCapture(event.pointerId);
    if (pointers.current.size === 0) moved.current = 0;
    pointers.current.set(event.pointerId, pointOf(event));
  }

  function handleMove(event: PointerEvent<HTMLDivElement>): void {
    const before = pointers.current.get(event.pointerId);
    if (before === undefined) return;
    const now = pointOf(event);
    const [other] = [...pointers.current].filter(([id]) => id !== event.pointerId).map(([, point]) => point);
    pointers.current.set(event.pointerId, now);
    moved.current += Math.hypot(now.x - before.x, now.y - before.y);
    const { view: from, size: whole } = latest.current;
    if (other === undefined) {
      if (moved.current > PRESS) look(movedBy(from, whole, now.x - before.x, now.y - before.y));
      return;
    }
    const apart = (point: Point): number => Math.max(1, Math.hypot(point.x - other.x, point.y - other.y));
    const middle = { x: (now.x + other.x) / 2, y: (now.y + other.y) / 2 };
    const dragged = movedBy(from, whole, (now.x - before.x) / 2, (now.y - before.y) / 2);
    look(zoomedAt(dragged, whole, middle, Math.log2(apart(now) / apart(before))));
  }

  function handleUp(event: PointerEvent<HTMLDivElement>): void {
    if (!pointers.current.delete(event.pointerId)) return;
    if (pointers.current.size === 0 && moved.current <= PRESS && event.type === 'pointerup') onPress?.(pointOf(event));
  }

  function handleKey(event: KeyboardEvent<HTMLDivElement>): void {
    if (!isMoving || event.ctrlKey || event.metaKey || event.altKey) return;
    const middle = { x: size.width / 2, y: size.height / 2 };
    const move = event.target === event.currentTarget ? MOVES[event.key] : undefined;
    if (move !== undefined) look(movedBy(latest.current.view, size, ...move));
    else if (event.key === '+' || event.key === '=') look(zoomedAt(latest.current.view, size, middle, KEY_ZOOM));
    else if (event.key === '-') look(zoomedAt(latest.current.view, size, middle, -KEY_ZOOM));
    else return;
    event.preventDefault();
    event.stopPropagation();
  }

  return (
    <div
      ref={(element) => {
        frame.current = element;
        if (typeof frameRef === 'function') frameRef(element);
        else if (frameRef != null) frameRef.current = element;
      }}
      role="group"
      aria-label={label}
      aria-roledescription={t('map.role')}
      tabIndex={isMoving ? 0 : undefined}
      className={classNames(styles.frame, isMoving && styles.moving)}
      onPointerDown={handleDown}
      onPointerMove={handleMove}
      onPointerUp={handleUp}
      onPointerCancel={handleUp}
      onKeyDown={handleKey}
      onDoubleClick={(event) => {
        if (!isMoving || (event.target as HTMLElement).closest('button, a, aside') !== null) return;
        const box = event.currentTarget.getBoundingClientRect();
        look(zoomedAt(latest.current.view, size, { x: event.clientX - box.left, y: event.clientY - box.top }, KEY_ZOOM));
      }}
    >
      <canvas ref={canvas} className={styles.canvas} aria-hidden="true" data-land={land === undefined ? undefined : 'drawn'} />
      {installation.tiles_url !== '' && <TileLayer installation={installation} view={view} size={size} />}
      {children}
    </div>
  );
}
