import { autoUpdate, flip, offset, size, useDismiss, useFloating, useInteractions, useListNavigation, useRole } from '@floating-ui/react';
import { useRef, useState } from 'react';
import { useOverlayRoot, WINDOW } from './overlay-root';

const TALLEST = 320;
const NARROWEST = 240;

/** The list that hangs below a field and is walked by its arrows: where it floats, which option is under the keyboard. */
export function useOptionList(isOpen: boolean, setIsOpen: (isOpen: boolean) => void) {
  const [activeIndex, setActiveIndex] = useState<number | null>(null);
  const elements = useRef<(HTMLElement | null)[]>([]);
  const root = useOverlayRoot();
  const { refs, floatingStyles, context } = useFloating<HTMLInputElement>({
    open: isOpen,
    onOpenChange: setIsOpen,
    placement: 'bottom-start',
    // Fixed: a dialog, which scrolls its content, would cut off what stands absolutely.
    strategy: 'fixed',
    whileElementsMounted: autoUpdate,
    middleware: [
      offset(4),
      flip({ padding: 8, boundary: WINDOW }),
      size({
        boundary: WINDOW,
        apply: ({ rects, elements: parts, availableHeight }) => {
          parts.floating.style.width = `${Math.max(rects.reference.width, NARROWEST)}px`;
          parts.floating.style.maxHeight = `${Math.min(TALLEST, availableHeight - 8)}px`;
        },
      }),
    ],
  });
  const interactions = useInteractions([
    useRole(context, { role: 'listbox' }),
    useDismiss(context),
    useListNavigation(context, { listRef: elements, activeIndex, onNavigate: setActiveIndex, virtual: true, loop: true }),
  ]);
  return { activeIndex, setActiveIndex, elements, root, refs, floatingStyles, ...interactions };
}
