/** A list as a board: cards that change their column by mouse, by keyboard and by menu, and go back when they may not. */
import AxeBuilder from '@axe-core/playwright';
import type { Locator, Page } from '@playwright/test';
import { drag } from './support/drag';
import { Office } from './support/office';
import { list, toast } from './support/screens';
import { expect, test } from './support/test';

const office = Office.forThisFile();

function column(page: Page, name: string): Locator {
  return page.getByRole('region', { name, exact: true });
}

function cardIn(page: Page, columnName: string, title: string): Locator {
  return column(page, columnName).getByRole('listitem', { name: title, exact: true });
}

function boardOf(begin: string, more = '&by=warmth'): string {
  return `/records/contact?section=clients&look=board${more}&filter=${encodeURIComponent(`last_name starts with "${begin}"`)}`;
}

async function valueOf(id: number, field: string): Promise<unknown> {
  const { values } = await office.get<{ values: Record<string, unknown> }>(`/records/contact/${id}`);
  return values[field];
}

interface Option {
  key: string;
  labels: Record<string, string>;
  requires?: string[];
}

function option(key: string, label: string, more: Partial<Option> = {}): Option {
  return { key, labels: { ru: label, uk: label, en: label }, ...more };
}

async function createChoice(label: string, settings: { options: Option[] }): Promise<string> {
  const field = await office.post<{ name: string }>('/catalog/contact/fields', { labels: { ru: label, uk: label, en: label }, kind: 'choice', settings });
  return field.name;
}

test('a card is dragged to another column, and taken back', async ({ page }) => {
  const own = await office.createPerson('Дошка Адам', { warmth: 'cold', potential: { amount: 150_000, currency: 'UAH' } });
  await office.createPerson('Дошка Богдан', { warmth: 'cold', potential: { amount: 50_000, currency: 'UAH' } });
  await office.createPerson('Дошка Віра', { warmth: 'hot' });
  await office.createPerson('Дошка Ганна');
  await office.enter(page, `/records/contact?section=clients&filter=${encodeURIComponent('last_name starts with "Дошка"')}`);
  await page.getByRole('radio', { name: 'Доска' }).check({ force: true });
  await expect(page).toHaveURL(/look=board/);
  // Columns by another field, with sums.
  await page.getByRole('button', { name: /Доска по полю/ }).click();
  await page.getByLabel('Колонки по полю').selectOption('Теплота');
  await page.getByLabel('Сумма в колонках').selectOption('Потенциал');
  await page.keyboard.press('Escape');
  await expect(page).toHaveURL(/by=warmth.*sum=potential|sum=potential.*by=warmth/);
  await expect(cardIn(page, 'Без значения', 'Дошка Ганна')).toBeVisible();
  await expect(column(page, 'Холодный')).toContainText('2');
  await expect(column(page, 'Холодный')).toContainText(/2\s000/);

  await drag(cardIn(page, 'Холодный', 'Дошка Адам'), column(page, 'Горячий'));
  await expect(cardIn(page, 'Горячий', 'Дошка Адам')).toBeVisible();
  await expect(column(page, 'Горячий')).toContainText(/1\s500/);
  await expect.poll(() => valueOf(own.id, 'warmth')).toBe('hot');
  const message = toast(page, 'Дошка Адам: теперь «Горячий»');
  await message.getByRole('button', { name: 'Отменить' }).click();
  await expect(cardIn(page, 'Холодный', 'Дошка Адам')).toBeVisible();
  await expect.poll(() => valueOf(own.id, 'warmth')).toBe('cold');

  // The look, its field and what is folded outlive a reload.
  await column(page, 'Тёплый').hover();
  await page.getByRole('button', { name: 'Свернуть колонку: Тёплый' }).click();
  await page.reload();
  await expect(cardIn(page, 'Холодный', 'Дошка Адам')).toBeVisible();
  await expect(page.getByTitle('Развернуть колонку: Тёплый')).toBeVisible();
  const { violations } = await new AxeBuilder({ page }).setLegacyMode(true).exclude('[data-floating-ui-focus-guard]').analyze();
  expect(violations.map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html).join(' ')}`)).toEqual([]);
});

test('the keyboard alone moves cards', async ({ page }) => {
  const own = await office.createPerson('Клавіша Адам', { warmth: 'cold' });
  await office.createPerson('Клавіша Богдан', { warmth: 'cold' });
  await office.createPerson('Клавіша Віра', { warmth: 'hot' });
  await office.enter(page, boardOf('Клавіша', '&by=warmth&sort=name'));
  const first = cardIn(page, 'Холодный', 'Клавіша Адам');
  await first.focus();
  await page.keyboard.press('ArrowDown');
  await expect(cardIn(page, 'Холодный', 'Клавіша Богдан')).toBeFocused();
  await page.keyboard.press('ArrowRight');
  await expect(cardIn(page, 'Горячий', 'Клавіша Віра')).toBeFocused();
  await page.keyboard.press('ArrowLeft');
  await expect(first).toBeFocused();

  await page.keyboard.press('Space');
  await page.keyboard.press('ArrowRight');
  await expect(cardIn(page, 'Тёплый', 'Клавіша Адам')).toBeFocused();
  await expect(page.getByText('Над колонкой «Тёплый»')).toBeAttached();
  await page.keyboard.press('Escape');
  await expect(first).toBeFocused();
  await expect(page.getByText('Клавіша Адам осталась на месте')).toBeAttached();

  await page.keyboard.press('Space');
  await page.keyboard.press('ArrowRight');
  await page.keyboard.press('ArrowRight');
  await page.keyboard.press('Space');
  await expect(cardIn(page, 'Горячий', 'Клавіша Адам')).toBeFocused();
  await expect.poll(() => valueOf(own.id, 'warmth')).toBe('hot');
  await expect(page.getByText('Клавіша Адам теперь в колонке «Горячий»')).toBeAttached();
  await page.keyboard.press('Enter');
  await expect(list.panel(page, 'Клавіша Адам')).toBeVisible();
});

test('a refused card goes back with the reason', async ({ page }) => {
  const own = await office.createPerson('Відмова Адам', { warmth: 'cold' });
  // The page does not hear of what a colleague does meanwhile.
  await page.route('**/api/v1/events', (route) => route.abort());
  await office.enter(page, boardOf('Відмова'));
  await expect(cardIn(page, 'Холодный', 'Відмова Адам')).toBeVisible();
  await office.changeContact(own.id, { warmth: 'warm' });
  await drag(cardIn(page, 'Холодный', 'Відмова Адам'), column(page, 'Горячий'));
  await expect(toast(page, 'Відмова Адам: не вышло перенести в «Горячий»')).toBeVisible();
  await expect(cardIn(page, 'Горячий', 'Відмова Адам')).toBeHidden();
  expect(await valueOf(own.id, 'warmth')).toBe('warm');
});

test('a column asks for what it needs', async ({ page }) => {
  const name = await createChoice('Этап', { options: [option('new', 'Новый'), option('lost', 'Проигран', { requires: ['remark', 'source'] })] });
  const own = await office.createPerson('Вимога Адам', { [name]: 'new', source: 'call' });
  await office.enter(page, boardOf('Вимога', `&by=${name}`));
  const card = cardIn(page, 'Новый', 'Вимога Адам');
  await drag(card, column(page, 'Проигран'));
  const dialog = page.getByRole('dialog', { name: '«Проигран»: что нужно заполнить' });
  await expect(cardIn(page, 'Проигран', 'Вимога Адам')).toBeVisible();
  // What is known already is not asked for.
  await expect(dialog.getByLabel('Примечание')).toBeVisible();
  await expect(dialog.getByLabel('Источник')).toBeHidden();
  await dialog.getByRole('button', { name: 'Отмена' }).click();
  await expect(card).toBeVisible();
  expect(await valueOf(own.id, name)).toBe('new');

  await card.focus();
  await page.keyboard.press('Space');
  await page.keyboard.press('ArrowRight');
  await page.keyboard.press('Enter');
  await dialog.getByRole('button', { name: 'Перенести' }).click();
  await expect(dialog.getByText('Заполните это поле.')).toBeVisible();
  await dialog.getByLabel('Примечание').fill('дорого');
  await dialog.getByRole('button', { name: 'Перенести' }).click();
  await expect(dialog).toBeHidden();
  await expect(cardIn(page, 'Проигран', 'Вимога Адам')).toBeVisible();
  await expect.poll(() => valueOf(own.id, 'remark')).toBe('дорого');
  expect(await valueOf(own.id, name)).toBe('lost');
});

test('two cards are moved before the column asks, and it asks about both', async ({ page }) => {
  const name = await createChoice('Исход', { options: [option('new', 'Новый'), option('lost', 'Проигран', { requires: ['remark'] })] });
  const first = await office.createPerson('Двоє Адам', { [name]: 'new' });
  const second = await office.createPerson('Двоє Богдан', { [name]: 'new' });
  await office.enter(page, boardOf('Двоє', `&by=${name}`));
  // What the cards lack is read only after both have moved.
  const releases: (() => void)[] = [];
  for (const { id } of [first, second]) {
    const released = new Promise<void>((resolve) => releases.push(resolve));
    await page.route(`**/api/v1/records/contact/${id}`, async (route) => {
      await released;
      return route.continue();
    });
  }
  await drag(cardIn(page, 'Новый', 'Двоє Адам'), column(page, 'Проигран'));
  await expect(cardIn(page, 'Проигран', 'Двоє Адам')).toBeVisible();
  await drag(cardIn(page, 'Новый', 'Двоє Богдан'), column(page, 'Проигран'));
  await expect(cardIn(page, 'Проигран', 'Двоє Богдан')).toBeVisible();
  const dialog = page.getByRole('dialog', { name: '«Проигран»: что нужно заполнить' });
  for (const release of releases) release();
  // Whichever is known first is asked about first; the other one waits behind it.
  const about = dialog.getByText(/Двоє/);
  const asked = (await about.textContent()) ?? '';
  for (const isLast of [false, true]) {
    await dialog.getByLabel('Примечание').fill('дорого');
    await dialog.getByRole('button', { name: 'Перенести' }).click();
    if (!isLast) await expect(about).not.toHaveText(asked);
  }
  await expect(dialog).toBeHidden();
  await expect.poll(() => Promise.all([first, second].map(({ id }) => valueOf(id, name)))).toEqual(['lost', 'lost']);
});

test('a saved view keeps the board, and colleagues move cards before one’s eyes', async ({ page }) => {
  const own = await office.createPerson('Вигляд Адам', { warmth: 'cold' });
  await office.enter(page, boardOf('Вигляд'));
  await page.getByRole('button', { name: 'Сохранить как вид' }).click();
  await page.getByLabel('Название').fill('Тепло');
  await page.getByRole('button', { name: 'Сохранить', exact: true }).click();
  await expect(page.getByRole('tab', { name: 'Тепло' })).toHaveAttribute('aria-selected', 'true');
  await page.goto(`${office.url}/records/contact?section=clients&view=0`);
  await page.getByRole('tab', { name: 'Тепло' }).click();
  await expect(page).toHaveURL(/look=board/);
  await expect(page).toHaveURL(/by=warmth/);
  await expect(cardIn(page, 'Холодный', 'Вигляд Адам')).toBeVisible();
  await office.changeContact(own.id, { warmth: 'hot' });
  await expect(cardIn(page, 'Горячий', 'Вигляд Адам')).toBeVisible();
});

test('a long column goes on as one scrolls', async ({ page }) => {
  for (let number = 10; number < 40; number += 1) await office.createPerson(`Довга ${number}`, { warmth: 'cold' });
  await office.enter(page, boardOf('Довга', '&by=warmth&sort=name'));
  const cards = column(page, 'Холодный').getByRole('listitem');
  await expect(cards).toHaveCount(20);
  await column(page, 'Холодный').getByText('Довга 29').scrollIntoViewIfNeeded();
  await expect(cards).toHaveCount(30);
  await expect(column(page, 'Холодный').getByText('Довга 39')).toBeAttached();
});

test.describe('on a phone', () => {
  test.use({ viewport: { width: 390, height: 844 }, hasTouch: true });

  test('the menu of a card moves it, and nothing sticks out', async ({ page }) => {
    const own = await office.createPerson('Телефонна Ада', { warmth: 'cold' });
    await office.enter(page, boardOf('Телефонна'));
    await page.getByRole('button', { name: 'Действия: Телефонна Ада' }).click();
    await page.getByRole('menuitem', { name: 'В колонку «Тёплый»' }).click();
    await expect(cardIn(page, 'Тёплый', 'Телефонна Ада')).toBeVisible();
    await expect.poll(() => valueOf(own.id, 'warmth')).toBe('warm');
    expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBe(390);
  });
});
