import type { Density, Theme } from '@/api/types';

const STORED_THEME = 'kartoteka.theme';

/** Puts theme and density on the page and remembers the theme, so that the next start does not flash. */
export function applyAppearance(theme: Theme | null | undefined, density: Density | null | undefined): void {
  const root = document.documentElement;
  if (theme === 'light' || theme === 'dark') {
    root.dataset.theme = theme;
    localStorage.setItem(STORED_THEME, theme);
  } else {
    delete root.dataset.theme;
    localStorage.removeItem(STORED_THEME);
  }
  root.dataset.density = density ?? 'comfortable';
}

/** The theme chosen last on this device, before it is known who is there. */
export function applyStoredTheme(): void {
  const stored = localStorage.getItem(STORED_THEME);
  if (stored === 'light' || stored === 'dark') document.documentElement.dataset.theme = stored;
}
