import type { MouseEvent } from 'react';
import { isTyping } from '@/ui/use-shortcuts';

/** Shift and nothing else, outside of a cell that is being edited. */
function isReaching(event: MouseEvent): boolean {
  return event.shiftKey && !event.metaKey && !event.ctrlKey && !event.altKey && !isTyping(event.target);
}

/** Handlers of a row: pressed with Shift it ends a range of ticks, whatever in it was pressed. */
export function onShiftPress(onReach: () => void): { onMouseDownCapture: (event: MouseEvent) => void; onClickCapture: (event: MouseEvent) => void } {
  return {
    onMouseDownCapture: (event) => {
      if (!isReaching(event)) return;
      // Neither the text between the two presses is marked nor the cell under the second one edited.
      event.preventDefault();
      event.stopPropagation();
    },
    onClickCapture: (event) => {
      if (!isReaching(event)) return;
      // A link does not open a window, and a tick box is set with the rest of the range.
      event.preventDefault();
      event.stopPropagation();
      // After the press: a tick box whose press was prevented puts itself back as it was, over what is ticked now.
      window.setTimeout(onReach);
    },
  };
}
