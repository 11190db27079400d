/** Lines of a deal by the keyboard, its budget, who takes part in it, and an order of it. */
import type { Locator, Page } from '@playwright/test';
import { expectAccessible } from './support/accessible';
import { Office } from './support/office';
import { card, toast } from './support/screens';
import { expect, test } from './support/test';

const office = Office.forThisFile();
let client = 0;
let deal = 0;

test.beforeAll(async () => {
  client = (await office.createCompany('ТОВ «Явір»')).id;
  await office.createPerson('Шевчук', { first_name: 'Олена' });
  const made = async (type: string, values: object): Promise<number> => (await office.post<{ record: { id: number } }>(`/records/${type}`, { values })).record.id;
  const tax = await made('tax', { name: 'НДС', percent: 20 });
  await made('product', { name: 'Окно пластиковое двухкамерное', sku: 'W-2', price: { amount: 1_250_050, currency: 'UAH' }, unit: 'piece', tax });
  await made('product', { name: 'Станок', price: { amount: 100_000, currency: 'USD' }, unit: 'piece' });
  deal = await made('deal', { title: 'Окна для офиса', contact: client });
});

const lines = (page: Page): Locator => page.getByRole('region', { name: 'Товары и услуги' });
const row = (page: Page, name: string): Locator => lines(page).getByRole('row', { name, exact: true });
const entry = (page: Page): Locator => lines(page).getByRole('combobox', { name: 'Добавить товар или услугу' });

async function budget(): Promise<unknown> {
  return (await office.get<{ values: Record<string, unknown> }>(`/records/deal/${deal}`)).values.budget;
}

test('lines are added by name and changed in their places by the keyboard', async ({ page }) => {
  await office.enter(page, `/records/deal/${deal}`);
  await entry(page).fill('окно');
  await expect(page.getByRole('option', { name: /Окно пластиковое/ })).toBeVisible();
  await entry(page).press('ArrowDown');
  await entry(page).press('Enter');
  const window = row(page, 'Окно пластиковое двухкамерное');
  await expect(window).toBeVisible();
  await window.getByLabel(/^Кол-во/).fill('3');
  await page.keyboard.press('Tab');
  await expect(window.getByLabel(/^Ед\./)).toBeFocused();
  await window.getByLabel(/^Скидка/).fill('10');
  // Enter in the last line goes to where the next one is added.
  await page.keyboard.press('Enter');
  await expect(entry(page)).toBeFocused();
  await expect(window).toContainText(/33\s751,35/);
  await entry(page).fill('Монтаж');
  await expect(page.getByRole('option', { name: 'Добавить строку «Монтаж»' })).toBeVisible();
  await entry(page).press('Enter');
  const work = row(page, 'Монтаж');
  await work.getByLabel(/^Цена/).fill('1000');
  await page.keyboard.press('Enter');
  await expect(lines(page)).toContainText(/НДС 20.%.*6\s750,27/);
  await expect(lines(page)).toContainText(/Итого к оплате.*41\s501,62/);
  await expect.poll(budget).toEqual({ amount: 4_150_162, currency: 'UAH' });
  await expectAccessible(page, 'a deal with lines');

  await work.getByRole('button', { name: 'Убрать: Монтаж' }).click();
  await expect(toast(page, 'Убрано: Монтаж')).toBeVisible();
  await expect.poll(budget).toEqual({ amount: 4_050_162, currency: 'UAH' });
  await toast(page, 'Убрано: Монтаж').getByRole('button', { name: 'Отменить' }).click();
  await expect(work).toBeVisible();
  await expect.poll(budget).toEqual({ amount: 4_150_162, currency: 'UAH' });
});

test('a line whose answer was lost is added once', async ({ page }) => {
  await office.enter(page, `/records/deal/${deal}`);
  let isLost = false;
  await page.route('**/api/v1/records/line_item', async (route) => {
    if (isLost || route.request().method() !== 'POST') return route.continue();
    isLost = true;
    await route.fetch();
    return route.abort();
  });
  const offer = page.getByRole('option', { name: 'Добавить строку «Доставка»' });
  await entry(page).fill('Доставка');
  await offer.click();
  await expect(offer).toBeHidden();
  await expect(entry(page)).toHaveValue('Доставка');
  await entry(page).click();
  await offer.click();
  await expect(entry(page)).toHaveValue('');
  await expect(row(page, 'Доставка')).toHaveCount(1);
  const { items } = await office.get<{ items: unknown[] }>(`/records/line_item?filter=${encodeURIComponent('name = "Доставка"')}`);
  expect(items).toHaveLength(1);
  await row(page, 'Доставка').getByRole('button', { name: 'Убрать: Доставка' }).click();
  await expect(row(page, 'Доставка')).toHaveCount(0);
});

test('a price in another currency asks for the rate', async ({ page }) => {
  await office.enter(page, `/records/deal/${deal}`);
  await entry(page).fill('станок');
  await page.getByRole('option', { name: /Станок/ }).click();
  await expect(lines(page)).toContainText('Нет курса USD');
  await lines(page).getByRole('button', { name: 'Ввести курс USD' }).click();
  const dialog = page.getByRole('dialog');
  await dialog.locator('#rate-rate').fill('41,25');
  await dialog.getByRole('button', { name: 'Сохранить' }).click();
  await expect(row(page, 'Станок')).toContainText(/41\s250/);
  await row(page, 'Станок').getByRole('button', { name: 'Убрать: Станок' }).click();
  await expect(row(page, 'Станок')).toHaveCount(0);
});

test('somebody takes part in a deal once, and his card says so', async ({ page }) => {
  await office.enter(page, `/records/deal/${deal}`);
  const people = card.related(page).getByRole('list', { name: 'Участники сделки' }).getByRole('listitem');
  const add = page.getByRole('combobox', { name: 'Добавить человека или компанию' });
  await add.fill('Шевчук');
  await page.getByRole('option', { name: /Шевчук/ }).click();
  await expect(people).toHaveCount(1);
  await people.getByRole('combobox').selectOption('Платит');
  await add.fill('Шевчук');
  await page.getByRole('option', { name: /Шевчук/ }).click();
  await expect(page.getByText('Контакт уже участвует в этой сделке')).toBeVisible();
  await people.getByRole('link', { name: /Шевчук/ }).click();
  const roles = card.related(page).getByRole('list', { name: 'Роли в сделках' }).getByRole('listitem');
  await expect(roles).toContainText('Окна для офиса');
  await expect(roles).toContainText('Платит');
});

test('an order of a deal is made in one press, on a phone too', async ({ page }) => {
  await page.setViewportSize({ width: 390, height: 844 });
  await office.enter(page, `/records/deal/${deal}`);
  await expect(row(page, 'Монтаж')).toBeVisible();
  expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(390);
  await lines(page).getByRole('button', { name: 'Оформить заказ' }).click();
  await expect(toast(page, 'Заказ № 1 оформлен')).toBeVisible();
  await expect(page.getByRole('heading', { name: '№ 1' }).first()).toBeVisible();
  await expect(lines(page)).toContainText(/41\s501,62/);
  await page.setViewportSize({ width: 1440, height: 900 });
  await page.goto(`${office.url}/records/contact/${client}`);
  const orders = card.related(page).getByRole('list', { name: 'Заказы' }).getByRole('listitem');
  await expect(orders).toContainText('№ 1');
  await expect(orders).toContainText('Новый');
});
