/** A list as tiles: who it is and how to reach them, by pointer, by keyboard and on a phone. */
import AxeBuilder from '@axe-core/playwright';
import type { Locator, Page } from '@playwright/test';
import { Office, phone } from './support/office';
import { list } from './support/screens';
import { expect, test } from './support/test';

const office = Office.forThisFile();

function email(value: string): Record<string, unknown> {
  return { kind: 'email', label: 'work', value };
}

function tile(page: Page, title: string): Locator {
  return list.grid(page).getByRole('gridcell').filter({ has: page.getByRole('link', { name: title, exact: true }) });
}

/** Those whose last name begins so, by name, the list as tiles. */
function tilesOf(begin: string): string {
  return `/records/contact?section=clients&look=tiles&sort=last_name&filter=${encodeURIComponent(`last_name starts with "${begin}"`)}`;
}

/** The titles of the tiles in their order; the last line of a link, below the initials. */
async function titlesOf(tiles: Locator): Promise<string[]> {
  const texts = await tiles.getByRole('link').allInnerTexts();
  return texts.map((text) => text.split('\n').at(-1) ?? '');
}

/** The tile that the cursor is on. */
async function active(page: Page): Promise<string | undefined> {
  const id = await list.grid(page).getAttribute('aria-activedescendant');
  const [title] = await titlesOf(page.locator(`#${id ?? 'none'}`));
  return title;
}

test('tiles show who it is and how to reach them', async ({ page }) => {
  const company = await office.createCompany('ТОВ «Плитка»');
  await office.createPerson('Плиткар', {
    first_name: 'Роман',
    position: 'майстер',
    parent: company.id,
    channels: [email('roman@plytka.example'), phone('067 410 10 10'), phone('067 410 10 11'), phone('067 410 10 12')],
  });
  await office.enter(page, `/records/contact?section=clients&q=${encodeURIComponent('Плиткар')}`);
  await expect(list.row(page, 'Плиткар Роман')).toBeVisible();
  await page.getByRole('radio', { name: 'Плитка' }).check({ force: true });
  await expect(page).toHaveURL(/look=tiles/);

  const own = tile(page, 'Плиткар Роман');
  await expect(own).toContainText('майстер');
  await expect(own).toContainText('ТОВ «Плитка»');
  await expect(own.getByRole('link', { name: 'Позвонить +380 67 410 10 10' })).toHaveAttribute('href', 'tel:+380674101010');
  await expect(own.getByRole('link', { name: 'Написать roman@plytka.example' })).toHaveAttribute('href', 'mailto:roman@plytka.example');
  await expect(own.getByText('+1', { exact: true })).toHaveAttribute('title', '+380 67 410 10 12');
  // Tiles have no columns to choose; the look outlives a reload.
  await expect(page.getByRole('button', { name: /колон/ })).toBeHidden();
  await page.reload();
  await expect(tile(page, 'Плиткар Роман')).toBeVisible();
  const { violations } = await new AxeBuilder({ page }).setLegacyMode(true).exclude('[data-floating-ui-focus-guard]').analyze();
  expect(violations.map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html).join(' ')}`)).toEqual([]);
});

test('a press opens the card beside the tiles, and ticks make a choice', async ({ page, context }) => {
  for (const name of ['Кахляр Адам', 'Кахляр Богдан', 'Кахляр Віктор', 'Кахляр Гнат']) await office.createPerson(name, { position: 'плиточник' });
  await office.enter(page, tilesOf('Кахляр'));
  await expect(list.grid(page).getByRole('gridcell')).toHaveCount(4);
  await tile(page, 'Кахляр Богдан').getByText('плиточник').click();
  await expect(list.panel(page, 'Кахляр Богдан')).toBeVisible();
  await expect(page).toHaveURL(/open=\d+/);
  await page.goBack();
  await expect(list.panel(page, 'Кахляр Богдан')).toBeHidden();

  await page.getByRole('checkbox', { name: 'Отметить: Кахляр Адам' }).check();
  await tile(page, 'Кахляр Віктор').click({ modifiers: ['Shift'] });
  const bar = page.getByRole('toolbar', { name: 'Действия с отмеченными' });
  await expect(bar).toContainText('Отмечено: 3');
  await expect(page.getByRole('checkbox', { name: 'Отметить: Кахляр Богдан' })).toBeChecked();
  await expect(list.panel(page, 'Кахляр Віктор')).toBeHidden();

  const [other] = await Promise.all([
    context.waitForEvent('page'),
    tile(page, 'Кахляр Гнат').getByRole('link', { name: 'Кахляр Гнат' }).click({ modifiers: ['Control'] }),
  ]);
  await expect(list.panel(other, 'Кахляр Гнат')).toBeVisible();
});

test('the keyboard alone is enough among tiles', async ({ page }) => {
  // At 1440 pixels four stand beside each other: six make a row and a half.
  for (const name of ['Стрілка А', 'Стрілка Б', 'Стрілка В', 'Стрілка Г', 'Стрілка Ґ', 'Стрілка Д']) await office.createPerson(name);
  await office.enter(page, tilesOf('Стрілка'));
  await expect(list.grid(page).getByRole('gridcell')).toHaveCount(6);
  await expect(list.grid(page)).toHaveAttribute('aria-colcount', '4');
  const titles = await titlesOf(list.grid(page).getByRole('gridcell'));
  await list.grid(page).focus();
  await page.keyboard.press('ArrowRight');
  await expect.poll(() => active(page)).toBe(titles[1]);
  await page.keyboard.press('ArrowDown');
  await expect.poll(() => active(page)).toBe(titles[5]);
  await page.keyboard.press('ArrowUp');
  await page.keyboard.press('Enter');
  await expect(list.panel(page, titles[1] ?? '')).toBeVisible();
  // The panel takes room: fewer stand beside each other now, and the next one still is the next.
  await page.keyboard.press('ArrowRight');
  await expect(list.panel(page, titles[2] ?? '')).toBeVisible();
  await page.keyboard.press('Escape');
  await expect(page).not.toHaveURL(/open=/);
  await page.keyboard.press('Shift+Space');
  await expect(page.getByRole('checkbox', { name: `Отметить: ${titles[2] ?? ''}` })).toBeChecked();
  await page.keyboard.press('Control+Enter');
  await expect(page.getByRole('heading', { level: 1, name: titles[2] })).toBeVisible();
  // Back, the cursor is where it was.
  await page.keyboard.press('Escape');
  await expect(list.grid(page)).toBeVisible();
  await expect.poll(() => active(page)).toBe(titles[2]);
});

test.describe('on a phone', () => {
  test.use({ viewport: { width: 390, height: 844 }, hasTouch: true });

  test('tiles stand below each other and nothing sticks out', async ({ page }) => {
    const long = `Довгоіменко ${'Пантелеймон'.repeat(16)}`;
    await office.createPerson('Довгоіменко Ян', { channels: [phone('067 420 10 10'), email(`${'dovgo'.repeat(9)}@example.com`)] });
    await office.createPerson(long);
    await office.enter(page, tilesOf('Довгоіменко'));
    await expect(list.grid(page).getByRole('gridcell')).toHaveCount(2);
    await expect(list.grid(page)).toHaveAttribute('aria-colcount', '1');
    expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBe(390);
    expect(await list.grid(page).evaluate((grid) => grid.parentElement?.scrollWidth)).toBe(390);
    await page.getByRole('checkbox', { name: 'Отметить: Довгоіменко Ян' }).check();
    await expect(page.getByRole('toolbar', { name: 'Действия с отмеченными' })).toContainText('Отмечено: 1');
    await tile(page, 'Довгоіменко Ян').getByRole('link', { name: 'Довгоіменко Ян' }).tap();
    await expect(list.panel(page, 'Довгоіменко Ян')).toBeVisible();
  });
});
