import { createContext, use, type ReactNode } from 'react';
import { createPortal } from 'react-dom';

/** The left part of the top bar, which a screen may fill with its own way back and its own steps. */
export const TopBarSlot = createContext<HTMLElement | null>(null);

export function TopBarContent({ children }: { children: ReactNode }) {
  const slot = use(TopBarSlot);
  return slot === null ? null : createPortal(children, slot);
}
