/** Drag and drop of the card builder: fields and blocks can be taken, and each says where between its like one may be let go. */
import { draggable, dropTargetForElements } from '@atlaskit/pragmatic-drag-and-drop/element/adapter';
import { useEffect, useRef, useState, type RefObject } from 'react';

export interface Dragged {
  kind: 'field' | 'block';
  key: string;
}

export type Edge = 'before' | 'after';

function readDragged(data: Readonly<Record<string | symbol, unknown>>): Dragged | null {
  const { kind, key } = data;
  return (kind === 'field' || kind === 'block') && typeof key === 'string' ? { kind, key } : null;
}

/** Lets an element be taken by its handle or anywhere; true while it is held. */
export function useDraggable(element: RefObject<HTMLElement | null>, handle: RefObject<HTMLElement | null> | null, { kind, key }: Dragged): boolean {
  const [isHeld, setIsHeld] = useState(false);
  useEffect(() => {
    if (element.current === null) return;
    return draggable({
      element: element.current,
      dragHandle: handle?.current ?? undefined,
      getInitialData: () => ({ kind, key }),
      onDragStart: () => setIsHeld(true),
      onDrop: () => setIsHeld(false),
    });
  }, [element, handle, kind, key]);
  return isHeld;
}

export interface DropTarget {
  accepts: (dragged: Dragged) => boolean;
  onDrop: (dragged: Dragged, edge: Edge) => void;
}

/** Where what is held would land: above or below the middle of the element; null while it is elsewhere, or over a target within. */
export function useDropTarget(element: RefObject<HTMLElement | null>, target: DropTarget): { edge: Edge; kind: Dragged['kind'] } | null {
  const [over, setOver] = useState<{ edge: Edge; kind: Dragged['kind'] } | null>(null);
  const latest = useRef(target);
  useEffect(() => {
    latest.current = target;
  });
  useEffect(() => {
    const own = element.current;
    if (own === null) return;
    const edgeAt = (clientY: number): Edge => {
      const { top, height } = own.getBoundingClientRect();
      return clientY < top + height / 2 ? 'before' : 'after';
    };
    return dropTargetForElements({
      element: own,
      canDrop: ({ source }) => {
        const dragged = readDragged(source.data);
        return dragged !== null && latest.current.accepts(dragged);
      },
      onDrag: ({ source, location }) => {
        const dragged = readDragged(source.data);
        const isInnermost = location.current.dropTargets[0]?.element === own;
        const next = isInnermost && dragged !== null ? { edge: edgeAt(location.current.input.clientY), kind: dragged.kind } : null;
        setOver((before) => (before?.edge === next?.edge && before?.kind === next?.kind ? before : next));
      },
      onDragLeave: () => setOver(null),
      onDrop: ({ source, location }) => {
        setOver(null);
        const dragged = readDragged(source.data);
        if (dragged !== null && location.current.dropTargets[0]?.element === own) latest.current.onDrop(dragged, edgeAt(location.current.input.clientY));
      },
    });
  }, [element]);
  return over;
}
