/** Items of a checklist under the mouse and the finger. */
import { draggable, dropTargetForElements } from '@atlaskit/pragmatic-drag-and-drop/element/adapter';

/** Lets an item be dragged by its grip and take the place of another; returns what ends it. */
export function dragItem(row: HTMLElement, grip: HTMLElement, id: number, onOver: (isOver: boolean) => void, onDrop: (id: number) => void): () => void {
  const ends = [
    draggable({ element: row, dragHandle: grip, getInitialData: () => ({ checklistItem: id }) }),
    dropTargetForElements({
      element: row,
      canDrop: ({ source }) => typeof source.data.checklistItem === 'number',
      onDragEnter: () => onOver(true),
      onDragLeave: () => onOver(false),
      onDrop: ({ source }) => {
        onOver(false);
        if (typeof source.data.checklistItem === 'number') onDrop(source.data.checklistItem);
      },
    }),
  ];
  return () => ends.forEach((end) => end());
}
