import { autoUpdate, flip, FloatingPortal, offset, shift, useFloating } from '@floating-ui/react';
import { useEffect, type RefObject } from 'react';
import { useOverlayRoot, WINDOW } from '@/ui/overlay-root';
import { Calendar, type CalendarProps } from './Calendar';
import styles from './Calendar.module.css';

/** The calendar on a sheet of its own below the line that it belongs to. A press on it takes the focus from nobody. */
export function CalendarSheet({ anchor, onClose, ...calendar }: CalendarProps & { anchor: RefObject<HTMLElement | null>; onClose: () => void }) {
  const root = useOverlayRoot();
  const { refs, floatingStyles } = useFloating({
    elements: { reference: anchor.current },
    placement: 'bottom-start',
    strategy: 'fixed',
    whileElementsMounted: autoUpdate,
    middleware: [offset(4), flip({ padding: 8, boundary: WINDOW }), shift({ padding: 8, boundary: WINDOW })],
  });
  useEffect(() => {
    // A button that was pressed has no focus in every browser, so leaving it is not the only sign.
    const look = ({ target }: PointerEvent): void => {
      const isOutside = [anchor.current, refs.floating.current].every((place) => !(target instanceof Node) || place?.contains(target) !== true);
      if (isOutside) onClose();
    };
    document.addEventListener('pointerdown', look);
    return () => document.removeEventListener('pointerdown', look);
  }, [anchor, refs, onClose]);
  return (
    <FloatingPortal root={root ?? undefined}>
      <div ref={refs.setFloating} style={floatingStyles} className={styles.sheet} onMouseDown={(event) => event.preventDefault()}>
        <Calendar {...calendar} />
      </div>
    </FloatingPortal>
  );
}
