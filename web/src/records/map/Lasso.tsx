import { IconX } from '@tabler/icons-react';
import { useRef, useState, type PointerEvent } from 'react';
import { useTranslation } from 'react-i18next';
import { Button } from '@/ui/Button';
import { IconButton } from '@/ui/IconButton';
import { useShortcuts } from '@/ui/use-shortcuts';
import { cornersOf, drawnArea, seenArea } from './area';
import styles from './Lasso.module.css';
import { toScreen, type Point, type Size, type View } from './world';

function pathOf(points: readonly Point[]): string {
  return points.map(({ x, y }) => `${x.toFixed(1)},${y.toFixed(1)}`).join(' ');
}

export interface LassoProps {
  view: View;
  size: Size;
  /** Gets the area as the filter language has it. */
  onDone: (area: string) => void;
  onClose: () => void;
}

/** Draws an area around what one means: with the mouse or a finger; or takes all that is seen. */
export function Lasso({ view, size, onDone, onClose }: LassoProps) {
  const { t } = useTranslation('records');
  const line = useRef<Point[] | null>(null);
  const [drawn, setDrawn] = useState<readonly Point[]>([]);
  useShortcuts({ Escape: onClose });

  function pointOf(event: PointerEvent<SVGSVGElement>): Point {
    const box = event.currentTarget.getBoundingClientRect();
    return { x: event.clientX - box.left, y: event.clientY - box.top };
  }

  function handleDown(event: PointerEvent<SVGSVGElement>): void {
    event.stopPropagation();
    if (event.button !== 0 || line.current !== null) return;
    event.currentTarget.setPointerCapture(event.pointerId);
    line.current = [pointOf(event)];
    setDrawn(line.current);
  }

  function handleMove(event: PointerEvent<SVGSVGElement>): void {
    event.stopPropagation();
    if (line.current === null) return;
    line.current = [...line.current, pointOf(event)];
    setDrawn(line.current);
  }

  function handleUp(event: PointerEvent<SVGSVGElement>): void {
    event.stopPropagation();
    const corners = line.current === null || event.type === 'pointercancel' ? null : cornersOf(line.current);
    line.current = null;
    setDrawn([]);
    if (corners !== null) onDone(drawnArea(corners, view, size));
  }

  return (
    <>
      <svg
        className={styles.sheet}
        data-lasso=""
        aria-hidden="true"
        onPointerDown={handleDown}
        onPointerMove={handleMove}
        onPointerUp={handleUp}
        onPointerCancel={handleUp}
        onDoubleClick={(event) => event.stopPropagation()}
      >
        {drawn.length > 1 && <polygon points={pathOf(drawn)} className={styles.drawn} />}
      </svg>
      <div role="toolbar" aria-label={t('map.lasso')} className={styles.bar}>
        <span className={styles.hint}>{t('map.lasso_hint')}</span>
        <Button size="small" autoFocus onClick={() => onDone(seenArea(view, size))}>
          {t('map.lasso_seen')}
        </Button>
        <IconButton size="small" label={t('map.lasso_close')} icon={<IconX size={16} />} onClick={onClose} />
      </div>
    </>
  );
}

/** The areas that the conditions of the list ask about. */
export function AreaOutlines({ areas, view, size }: { areas: readonly (readonly Point[])[]; view: View; size: Size }) {
  return (
    <svg className={styles.outlines} aria-hidden="true">
      {areas.map((corners) => (
        <polygon key={pathOf(corners.map(({ x, y }) => ({ x: x * 1e6, y: y * 1e6 })))} points={pathOf(corners.map((corner) => toScreen(view, size, corner)))} className={styles.outline} />
      ))}
    </svg>
  );
}
