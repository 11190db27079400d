import {
  autoUpdate,
  flip,
  FloatingFocusManager,
  FloatingPortal,
  offset,
  shift,
  useClick,
  useDismiss,
  useFloating,
  useInteractions,
  useListNavigation,
  useRole,
  useTypeahead,
  type Placement,
} from '@floating-ui/react';
import { cloneElement, useRef, useState, type HTMLAttributes, type ReactElement, type ReactNode, type Ref } from 'react';
import { classNames } from '@/util/class-names';
import styles from './Menu.module.css';
import { useOverlayRoot, WINDOW } from './overlay-root';

export interface MenuItem {
  key: string;
  label: string;
  icon?: ReactNode;
  /** The key that does the same, shown at the right. */
  shortcut?: string;
  isDangerous?: boolean;
  isChecked?: boolean;
  disabledReason?: string | null;
  onSelect: () => void;
  /** A line above this item. */
  startsGroup?: boolean;
}

type TriggerProps = HTMLAttributes<HTMLElement> & { ref?: Ref<HTMLElement> };

export interface MenuProps {
  trigger: ReactElement<TriggerProps>;
  items: readonly MenuItem[];
  placement?: Placement;
}

/** A menu of actions: arrows, Home, End, letters, Enter and Escape work. */
export function Menu({ trigger, items, placement = 'bottom-end' }: MenuProps) {
  const [isOpen, setIsOpen] = useState(false);
  const [activeIndex, setActiveIndex] = useState<number | null>(null);
  const elements = useRef<(HTMLElement | null)[]>([]);
  const labels = useRef<string[]>([]);
  labels.current = items.map((item) => item.label);
  const root = useOverlayRoot();
  const { refs, floatingStyles, context } = useFloating({
    open: isOpen,
    onOpenChange: setIsOpen,
    placement,
    // Fixed: a dialog, which scrolls its content, would cut off what stands absolutely.
    strategy: 'fixed',
    whileElementsMounted: autoUpdate,
    middleware: [offset(4), flip({ padding: 8, boundary: WINDOW }), shift({ padding: 8, boundary: WINDOW })],
  });
  const { getReferenceProps, getFloatingProps, getItemProps } = useInteractions([
    useClick(context),
    useDismiss(context),
    useRole(context, { role: 'menu' }),
    useListNavigation(context, { listRef: elements, activeIndex, onNavigate: setActiveIndex, loop: true }),
    useTypeahead(context, { listRef: labels, activeIndex, onMatch: setActiveIndex }),
  ]);

  function choose(item: MenuItem): void {
    if (item.disabledReason) return;
    setIsOpen(false);
    item.onSelect();
  }

  return (
    <>
      {cloneElement(trigger, { ref: refs.setReference, ...getReferenceProps(trigger.props) })}
      {isOpen && (
        <FloatingPortal root={root ?? undefined}>
          <FloatingFocusManager context={context} modal={false}>
            <div
              ref={refs.setFloating}
              style={floatingStyles}
              className={styles.menu}
              {...getFloatingProps({ onKeyDown: (event) => event.stopPropagation() })}
            >
              {items.map((item, index) => (
                <button
                  key={item.key}
                  type="button"
                  role={item.isChecked === undefined ? 'menuitem' : 'menuitemcheckbox'}
                  aria-checked={item.isChecked}
                  aria-disabled={Boolean(item.disabledReason) || undefined}
                  title={item.disabledReason ?? undefined}
                  tabIndex={activeIndex === index ? 0 : -1}
                  ref={(element) => {
                    elements.current[index] = element;
                  }}
                  className={classNames(styles.item, item.isDangerous && styles.danger, item.startsGroup && styles.group)}
                  {...getItemProps({ onClick: () => choose(item) })}
                >
                  <span className={styles.icon}>{item.isChecked === true ? '✓' : item.icon}</span>
                  <span className={styles.label}>{item.label}</span>
                  {item.shortcut !== undefined && <kbd>{item.shortcut}</kbd>}
                </button>
              ))}
            </div>
          </FloatingFocusManager>
        </FloatingPortal>
      )}
    </>
  );
}
