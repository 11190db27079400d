/** What is typed while the place for it is still on its way. */
import styles from './Frame.module.css';

export interface TypedAhead {
  /** From now on a field out of sight has the focus: it takes letters however they are entered. */
  start: (label: string) => void;
  /** The letters until now, and whether Enter was pressed behind them. */
  read: () => { text: string; isHurried: boolean };
  /** The place is there; the focus is where it was before. */
  stop: () => void;
}

export function typedAhead(): TypedAhead {
  const field = document.createElement('input');
  field.className = styles.ahead ?? '';
  let isHurried = false;
  let focusedBefore: Element | null = null;
  field.addEventListener('keydown', (event) => {
    if (event.key === 'Enter' && !event.isComposing) isHurried = true;
  });
  field.addEventListener('input', () => (isHurried = false));
  return {
    start: (label) => {
      [field.value, isHurried, focusedBefore] = ['', false, document.activeElement];
      field.setAttribute('aria-label', label);
      document.body.append(field);
      field.focus({ preventScroll: true });
    },
    read: () => ({ text: field.value, isHurried }),
    stop: () => {
      if (!field.isConnected) return;
      field.remove();
      if (focusedBefore instanceof HTMLElement) focusedBefore.focus({ preventScroll: true });
    },
  };
}
