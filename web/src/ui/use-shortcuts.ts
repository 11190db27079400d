import { useEffect, useRef } from 'react';

/**
 * Keys by their place on the keyboard (`KeyC`) or by their character (`?`), so that they work in any layout.
 * `mod+` stands for ⌘ on a Mac and Ctrl elsewhere.
 */
export type Shortcuts = Readonly<Record<string, (event: KeyboardEvent) => void>>;

/** Somebody types into a control, which then owns the keys. */
export function isTyping(target: EventTarget | null): boolean {
  if (!(target instanceof HTMLElement)) return false;
  if (target.isContentEditable || target.tagName === 'TEXTAREA' || target.tagName === 'SELECT') return true;
  return target instanceof HTMLInputElement && !['checkbox', 'radio', 'button'].includes(target.type);
}

function isDialogOpen(): boolean {
  return document.querySelector('dialog[open]') !== null;
}

const registered = new Set<{ current: Shortcuts }>();

function actionFor(shortcuts: Shortcuts, event: KeyboardEvent): ((event: KeyboardEvent) => void) | undefined {
  const prefix = event.metaKey || event.ctrlKey ? 'mod+' : '';
  return shortcuts[prefix + event.code] ?? shortcuts[prefix + event.key];
}

/** Some screen listens to this key. */
export function isShortcut(event: KeyboardEvent): boolean {
  return [...registered].some(({ current }) => actionFor(current, event) !== undefined);
}

/** The oldest listener answers first, a part before the screen around it; a handler that took the key prevents its default. */
export function useShortcuts(shortcuts: Shortcuts): void {
  const latest = useRef(shortcuts);
  useEffect(() => {
    latest.current = shortcuts;
  });
  useEffect(() => {
    function handle(event: KeyboardEvent): void {
      if (event.defaultPrevented || event.isComposing) return;
      const hasModifier = event.metaKey || event.ctrlKey;
      const action = actionFor(latest.current, event);
      if (action === undefined || event.altKey) return;
      if (!hasModifier && (isTyping(event.target) || isDialogOpen())) return;
      event.preventDefault();
      action(event);
    }
    window.addEventListener('keydown', handle);
    registered.add(latest);
    return () => {
      window.removeEventListener('keydown', handle);
      registered.delete(latest);
    };
  }, []);
}

/** `⌘K` on a Mac, `Ctrl K` elsewhere. */
export function modKey(letter: string): string {
  return /Mac|iPhone|iPad/.test(navigator.platform) ? `⌘${letter}` : `Ctrl ${letter}`;
}
