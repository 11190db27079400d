/** Gives the keyboard to a list that was just opened, so that its keys work without a click on it first. */
import { useEffect, type RefObject } from 'react';
import type { ListSearch } from './list-search';

/** Nothing was chosen to type into: the page was opened by its address, or by a link of the menu, which has done its work. */
export function isFocusFree(active: Pick<Element, 'tagName' | 'closest'> | null): boolean {
  return active === null || active.tagName === 'BODY' || (active.tagName === 'A' && active.closest('[data-main-menu]') !== null);
}

/** `find` is where the focus goes; asked anew whenever another list is shown. */
export function useTakesKeys(box: RefObject<HTMLElement | null>, selector: string, typeName: string, search: ListSearch): void {
  const { section, view, look } = search;
  useEffect(() => {
    // A finger needs no cursor, and a dialog or a card beside the list has keys of its own.
    if (!window.matchMedia('(hover: hover) and (pointer: fine)').matches || document.querySelector('dialog[open]') !== null) return;
    if (isFocusFree(document.activeElement)) box.current?.querySelector<HTMLElement>(selector)?.focus({ preventScroll: true });
  }, [box, selector, typeName, section, view, look]);
}
