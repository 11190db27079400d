import { draggable, dropTargetForElements } from '@atlaskit/pragmatic-drag-and-drop/element/adapter';

export interface ColumnDrag {
  name: string;
  /** The first column stays where it is. */
  isFixed: boolean;
  onOver: (isOver: boolean) => void;
  /** Another column was dropped on this one. */
  onDrop: (name: string) => void;
}

/** Lets the head of a column be dragged onto others; returns what ends it. */
export function dragColumn(element: HTMLElement, { name, isFixed, onOver, onDrop }: ColumnDrag): () => void {
  const stopTarget = dropTargetForElements({
    element,
    canDrop: ({ source }) => typeof source.data.column === 'string' && source.data.column !== name,
    onDragEnter: () => onOver(true),
    onDragLeave: () => onOver(false),
    onDrop: ({ source }) => {
      onOver(false);
      if (typeof source.data.column === 'string') onDrop(source.data.column);
    },
  });
  const stopDrag = isFixed ? () => undefined : draggable({ element, getInitialData: () => ({ column: name }) });
  return () => {
    stopTarget();
    stopDrag();
  };
}
