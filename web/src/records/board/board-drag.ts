/** Cards under the mouse and the finger: which is dragged, over which column it is. */
import { draggable, dropTargetForElements, monitorForElements } from '@atlaskit/pragmatic-drag-and-drop/element/adapter';

/** A list is scrolled when a dragged card is so near to its edge, by so many pixels a frame at most. */
const EDGE_PX = 72;
const STEP_PX = 14;

export interface CardDrag {
  id: number;
  mayMove: () => boolean;
  onDragging: (isDragging: boolean) => void;
}

/** Lets a card be dragged; returns what ends it. */
export function dragCard(element: HTMLElement, { id, mayMove, onDragging }: CardDrag): () => void {
  return draggable({
    element,
    canDrag: mayMove,
    getInitialData: () => ({ card: id }),
    onDragStart: () => onDragging(true),
    onDrop: () => onDragging(false),
  });
}

export interface ColumnDrop {
  mayStand: () => boolean;
  onOver: (isOver: boolean) => void;
  onDrop: (id: number) => void;
}

/** Lets cards be dropped on a column; returns what ends it. */
export function dropOnColumn(element: HTMLElement, { mayStand, onOver, onDrop }: ColumnDrop): () => void {
  return dropTargetForElements({
    element,
    canDrop: ({ source }) => typeof source.data.card === 'number' && mayStand(),
    onDragEnter: () => onOver(true),
    onDragLeave: () => onOver(false),
    onDrop: ({ source }) => {
      onOver(false);
      if (typeof source.data.card === 'number') onDrop(source.data.card);
    },
  });
}

/** How far to scroll when the pointer is `at` between two edges. */
export function scrollStep(at: number, from: number, to: number): number {
  if (at < from || at > to) return 0;
  if (at - from < EDGE_PX) return -Math.ceil(STEP_PX * (1 - (at - from) / EDGE_PX));
  if (to - at < EDGE_PX) return Math.ceil(STEP_PX * (1 - (to - at) / EDGE_PX));
  return 0;
}

/** Scrolls the board sideways while a card is dragged near its edges; returns what ends it. */
export function scrollWhileDragging(board: HTMLElement): () => void {
  let frame = 0;
  let x = 0;
  const step = (): void => {
    const { left, right } = board.getBoundingClientRect();
    board.scrollLeft += scrollStep(x, left, right);
    frame = requestAnimationFrame(step);
  };
  const stop = (): void => cancelAnimationFrame(frame);
  const end = monitorForElements({
    canMonitor: ({ source }) => typeof source.data.card === 'number',
    onDragStart: ({ location }) => {
      x = location.current.input.clientX;
      // Snapping would pull the board back at every step.
      board.style.scrollSnapType = 'none';
      frame = requestAnimationFrame(step);
    },
    onDrag: ({ location }) => {
      x = location.current.input.clientX;
    },
    onDrop: () => {
      stop();
      board.style.scrollSnapType = '';
    },
  });
  return () => {
    stop();
    end();
  };
}
