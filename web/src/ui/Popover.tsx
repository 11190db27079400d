import {
  autoUpdate,
  flip,
  FloatingFocusManager,
  FloatingPortal,
  offset,
  shift,
  size,
  useClick,
  useDismiss,
  useFloating,
  useInteractions,
  useRole,
  type Placement,
} from '@floating-ui/react';
import { cloneElement, useState, type HTMLAttributes, type ReactElement, type ReactNode, type Ref } from 'react';
import { classNames } from '@/util/class-names';
import { useOverlayRoot, WINDOW } from './overlay-root';
import styles from './Popover.module.css';

type TriggerProps = HTMLAttributes<HTMLElement> & { ref?: Ref<HTMLElement> };

export interface PopoverProps {
  trigger: ReactElement<TriggerProps>;
  /** The name of the popover for screen readers. */
  label: string;
  /** The content; it gets a function that closes the popover. */
  children: (close: () => void) => ReactNode;
  placement?: Placement;
  isOpen?: boolean;
  onOpenChange?: (isOpen: boolean) => void;
  className?: string;
}

/** A small floating sheet that opens from its trigger, keeps the keyboard inside and closes on Escape. */
export function Popover({ trigger, label, children, placement = 'bottom-start', isOpen, onOpenChange, className }: PopoverProps) {
  const [ownOpen, setOwnOpen] = useState(false);
  const open = isOpen ?? ownOpen;
  const setOpen = (next: boolean): void => {
    setOwnOpen(next);
    onOpenChange?.(next);
  };
  const root = useOverlayRoot();
  const { refs, floatingStyles, context } = useFloating({
    open,
    onOpenChange: setOpen,
    placement,
    // Fixed: a dialog, which scrolls its content, would cut off what stands absolutely.
    strategy: 'fixed',
    whileElementsMounted: autoUpdate,
    middleware: [
      offset(4),
      flip({ padding: 8, boundary: WINDOW }),
      shift({ padding: 8, boundary: WINDOW }),
      size({
        padding: 8,
        boundary: WINDOW,
        apply: ({ availableHeight, elements }) => {
          elements.floating.style.maxHeight = `${Math.max(160, availableHeight)}px`;
        },
      }),
    ],
  });
  const { getReferenceProps, getFloatingProps } = useInteractions([
    useClick(context),
    useDismiss(context),
    useRole(context, { role: 'dialog' }),
  ]);
  return (
    <>
      {cloneElement(trigger, { ref: refs.setReference, ...getReferenceProps(trigger.props) })}
      {open && (
        <FloatingPortal root={root ?? undefined}>
          <FloatingFocusManager context={context} modal={false}>
            <div
              ref={refs.setFloating}
              style={floatingStyles}
              className={classNames(styles.popover, className)}
              aria-label={label}
              {...getFloatingProps({ onKeyDown: (event) => event.stopPropagation() })}
            >
              {children(() => setOpen(false))}
            </div>
          </FloatingFocusManager>
        </FloatingPortal>
      )}
    </>
  );
}
