/** Where things stand on the screens, by the names people read. */
import type { Locator, Page } from '@playwright/test';

export const list = {
  grid: (page: Page): Locator => page.getByRole('grid'),
  /** The row of a record; the head is not among them. */
  rows: (page: Page): Locator => page.getByRole('grid').getByRole('row').filter({ has: page.getByRole('gridcell') }),
  row: (page: Page, title: string): Locator => page.getByRole('grid').getByRole('row').filter({ has: page.getByRole('link', { name: title, exact: true }) }),
  search: (page: Page): Locator => page.getByRole('searchbox', { name: 'Найти в списке' }),
  panel: (page: Page, title: string): Locator => page.getByRole('complementary', { name: title }),
  head: (page: Page, name: string): Locator => page.getByRole('columnheader', { name, exact: true }),
};

export const card = {
  about: (page: Page): Locator => page.getByRole('region', { name: 'О контакте' }),
  history: (page: Page): Locator => page.getByRole('region', { name: 'История' }),
  related: (page: Page): Locator => page.getByRole('complementary', { name: 'Связи' }),
  edit: (page: Page, field: string): Locator => page.getByRole('button', { name: `Изменить: ${field}`, exact: true }),
};

/** The newest message with this text; those that offer an undo stand below one another. */
export function toast(page: Page, text: string): Locator {
  return page.getByRole('status').getByRole('listitem').filter({ hasText: text }).last();
}

export function field(page: Page | Locator, name: string): Locator {
  return page.getByRole('textbox', { name, exact: true });
}
