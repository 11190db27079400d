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
import { cloneElement, useLayoutEffect, useRef, useState, type HTMLAttributes, type ReactElement, type ReactNode, type Ref } from 'react';
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
  /** The item is a link: to call, to write, to another tab. */
  href?: string;
  opensTab?: boolean;
  onSelect?: () => void;
  /** A line above this item. */
  startsGroup?: boolean;
}

type TriggerProps = HTMLAttributes<HTMLElement> & { ref?: Ref<HTMLElement> };

interface MenuState {
  items: readonly MenuItem[];
  /** What the items are done with, above them. */
  heading?: string;
  /** The name of a menu that no button opens. */
  label?: string;
  isOpen: boolean;
  onOpenChange: (isOpen: boolean) => void;
  placement: Placement;
  /** The first item is chosen at once. */
  isByKey?: boolean;
}

/** What every menu has: its place, its keys, its items. */
function useMenu({ items, heading, label, isOpen, onOpenChange, placement, isByKey = false }: MenuState) {
  const [activeIndex, setActiveIndex] = useState<number | null>(isByKey ? 0 : null);
  const elements = useRef<(HTMLElement | null)[]>([]);
  const labels = useRef<string[]>([]);
  labels.current = items.map((item) => item.label);
  const root = useOverlayRoot();
  const { refs, floatingStyles, context } = useFloating({
    open: isOpen,
    onOpenChange,
    placement,
    // Fixed: a dialog, which scrolls its content, would cut off what stands absolutely.
    strategy: 'fixed',
    whileElementsMounted: autoUpdate,
    middleware: [offset(label === undefined ? 4 : 0), flip({ padding: 8, boundary: WINDOW }), shift({ padding: 8, boundary: WINDOW })],
  });
  const { getReferenceProps, getFloatingProps, getItemProps } = useInteractions([
    useClick(context),
    useDismiss(context, { ancestorScroll: label !== undefined }),
    useRole(context, { role: 'menu' }),
    useListNavigation(context, { listRef: elements, activeIndex, onNavigate: setActiveIndex, loop: true }),
    useTypeahead(context, { listRef: labels, activeIndex, onMatch: setActiveIndex }),
  ]);

  function choose(item: MenuItem): void {
    if (item.disabledReason) return;
    onOpenChange(false);
    item.onSelect?.();
  }

  const sheet = isOpen && (
    <FloatingPortal root={root ?? undefined}>
      <FloatingFocusManager context={context} modal={false}>
        <div
          ref={refs.setFloating}
          style={floatingStyles}
          className={styles.menu}
          {...getFloatingProps({ onKeyDown: (event) => event.stopPropagation(), onContextMenu: (event) => event.preventDefault() })}
          {...(label === undefined ? {} : { 'aria-label': label })}
        >
          {heading !== undefined && (
            <p role="presentation" className={styles.heading}>
              {heading}
            </p>
          )}
          {items.map((item, index) => (
            <ItemElement
              key={item.key}
              item={item}
              isActive={activeIndex === index}
              ref={(element) => {
                elements.current[index] = element;
              }}
              {...getItemProps({ onClick: () => choose(item) })}
            />
          ))}
        </div>
      </FloatingFocusManager>
    </FloatingPortal>
  );
  return { refs, getReferenceProps, sheet };
}

function ItemElement({ item, isActive, ref, ...events }: { item: MenuItem; isActive: boolean; ref: (element: HTMLElement | null) => void } & HTMLAttributes<HTMLElement>) {
  const isDisabled = Boolean(item.disabledReason);
  const shared = {
    ...events,
    ref,
    role: item.isChecked === undefined ? 'menuitem' : 'menuitemcheckbox',
    'aria-checked': item.isChecked,
    'aria-disabled': isDisabled || undefined,
    'aria-label': isDisabled ? item.label : undefined,
    title: item.disabledReason ?? undefined,
    tabIndex: isActive ? 0 : -1,
    className: classNames(styles.item, item.isDangerous && styles.danger, item.startsGroup && styles.group),
  };
  const content = (
    <>
      <span className={styles.icon}>{item.isChecked === true ? '✓' : item.icon}</span>
      <span className={styles.label}>
        {item.label}
        {isDisabled && <span className={styles.reason}>{item.disabledReason}</span>}
      </span>
      {item.shortcut !== undefined && <kbd>{item.shortcut}</kbd>}
    </>
  );
  if (item.href === undefined || isDisabled) {
    return (
      <button type="button" {...shared}>
        {content}
      </button>
    );
  }
  return (
    <a
      {...shared}
      href={item.href}
      rel="noopener noreferrer"
      target={item.opensTab === true ? '_blank' : undefined}
      onKeyDown={(event) => {
        events.onKeyDown?.(event);
        // In a menu Space chooses as well; a link knows Enter only.
        if (event.key === ' ' && !event.defaultPrevented) event.currentTarget.click();
      }}
    >
      {content}
    </a>
  );
}

export interface MenuProps {
  trigger: ReactElement<TriggerProps>;
  items: readonly MenuItem[];
  placement?: Placement;
}

/** A menu of actions: arrows, Home, End, letters, Enter and Escape work. */
export function Menu({ trigger, items, placement = 'bottom-end' }: MenuProps) {
  const [isOpen, setIsOpen] = useState(false);
  const { refs, getReferenceProps, sheet } = useMenu({ items, isOpen, onOpenChange: setIsOpen, placement });
  return (
    <>
      {cloneElement(trigger, { ref: refs.setReference, ...getReferenceProps(trigger.props) })}
      {sheet}
    </>
  );
}

export interface PointMenuProps {
  label: string;
  heading?: string;
  items: readonly MenuItem[];
  /** What the menu belongs to; it goes when that scrolls away. */
  anchor: HTMLElement;
  /** Where the pointer is, in pixels of the window; below the anchor if it was asked for by key. */
  point: { x: number; y: number } | null;
  onClose: () => void;
}

/** A menu without a button of its own: at the pointer, or below what has the focus. It is open as long as it is there. */
export function PointMenu({ anchor, point, onClose, ...menu }: PointMenuProps) {
  const { refs, sheet } = useMenu({
    ...menu,
    isOpen: true,
    onOpenChange: (isOpen) => {
      if (!isOpen) onClose();
    },
    placement: 'bottom-start',
    isByKey: point === null,
  });
  useLayoutEffect(() => {
    refs.setPositionReference({
      getBoundingClientRect: () => (point === null ? anchor.getBoundingClientRect() : new DOMRect(point.x, point.y, 0, 0)),
      contextElement: anchor,
    });
  }, [refs, anchor, point]);
  return sheet;
}
