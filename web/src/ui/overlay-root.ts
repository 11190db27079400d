import { createContext, use } from 'react';

/**
 * Where menus and popovers are drawn: the body, or the modal dialog they belong to,
 * because nothing outside an open modal dialog can be seen above it.
 */
export const OverlayRoot = createContext<HTMLElement | null>(null);

export function useOverlayRoot(): HTMLElement | null {
  return use(OverlayRoot);
}

/** Floating parts are fixed, so only the window bounds them, not the dialog they stand in. */
export const WINDOW: Element[] = [];
