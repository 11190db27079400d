/** A list on a time axis: bars by dates in rows of people, moved and drawn, by mouse, by key and by menu. */
import type { Locator } from '@playwright/test';
import { expectAccessible } from './support/accessible';
import { Office } from './support/office';
import { toast } from './support/screens';
import { expect, test } from './support/test';

const office = Office.forThisFile();

const DAY = 86_400_000;
const at = (days: number, hour = 9): string => {
  const day = new Date(Date.now() + days * DAY).toISOString().slice(0, 10);
  return `${day}T${String(hour).padStart(2, '0')}:00:00.000Z`;
};

async function task(values: Record<string, unknown>): Promise<number> {
  const made = await office.post<{ record: { id: number } }>('/records/task', { values });
  return made.record.id;
}

async function boxOf(bar: Locator): Promise<{ x: number; y: number; width: number; height: number }> {
  const box = await bar.boundingBox();
  if (box === null) throw new Error('the bar is not on the page');
  return box;
}

const valueOf = async (id: number, field: string): Promise<unknown> => (await office.get<{ values: Record<string, unknown> }>(`/records/task/${id}`)).values[field];

test('tasks stand on a time axis; a bar is moved and drawn, and taken back', async ({ page }) => {
  const id = await task({ title: 'Смета', starts_at: at(1), deadline: at(5, 15) });
  await task({ title: 'Звонок', deadline: at(3) });
  await task({ title: 'Когда-нибудь' });
  await office.enter(page, '/records/task?section=all_tasks');
  await page.getByRole('radio', { name: 'Шкала времени' }).check({ force: true });
  await expect(page).toHaveURL(/look=axis/);
  const axis = page.getByRole('group', { name: /^Шкала времени/ });
  const bar = axis.getByRole('button', { name: /^Смета:/ });
  await expect(bar).toBeVisible();
  await expect(axis.getByRole('button', { name: /^Звонок:/ })).toBeVisible();
  await expect(axis.getByRole('button', { name: /Когда-нибудь/ })).toHaveCount(0);
  await expect(page.getByRole('link', { name: '1 без даты' })).toBeVisible();
  await expectAccessible(page, 'a time axis');

  // Three days of 18 pixels to the right.
  const box = await boxOf(bar);
  await page.mouse.move(box.x + box.width / 2, box.y + box.height / 2);
  await page.mouse.down();
  await page.mouse.move(box.x + box.width / 2 + 30, box.y + box.height / 2);
  await page.mouse.move(box.x + box.width / 2 + 54, box.y + box.height / 2);
  await page.mouse.up();
  await expect(toast(page, 'Смета: теперь')).toBeVisible();
  await expect.poll(() => valueOf(id, 'starts_at')).toBe(at(4));
  expect(await valueOf(id, 'deadline')).toBe(at(8, 15));
  await page.getByRole('button', { name: 'Отменить' }).click();
  await expect.poll(() => valueOf(id, 'starts_at')).toBe(at(1));
  await expect.poll(async () => Math.round((await boxOf(bar)).x)).toBe(Math.round(box.x));

  // Its end two days further.
  const end = { x: box.x + box.width, y: box.y + box.height / 2 };
  await page.mouse.move(end.x - 1, end.y);
  await page.mouse.down();
  await page.mouse.move(end.x + 20, end.y);
  await page.mouse.move(end.x + 35, end.y);
  await page.mouse.up();
  await expect.poll(() => valueOf(id, 'deadline')).toBe(at(7, 15));
  expect(await valueOf(id, 'starts_at')).toBe(at(1));

  // A press opens the card beside it.
  await bar.click();
  await expect(page).toHaveURL(new RegExp(`open=${id}`));
  await expect(page.getByRole('complementary').getByText('Смета').first()).toBeVisible();
});

test('the axis is walked, moved and drawn by keys and by the menu', async ({ page }) => {
  const id = await task({ title: 'Клавиши', starts_at: at(1), deadline: at(2, 15) });
  await office.enter(page, `/records/task?section=all_tasks&look=axis&filter=${encodeURIComponent('title = "Клавиши"')}`);
  const bar = page.getByRole('button', { name: /^Клавиши:/ });
  await bar.focus();
  await page.keyboard.press('Shift+ArrowRight');
  await page.keyboard.press('Shift+ArrowRight');
  await expect.poll(() => valueOf(id, 'starts_at')).toBe(at(3));
  expect(await valueOf(id, 'deadline')).toBe(at(4, 15));
  await expect(bar).toBeFocused();
  await page.keyboard.press('Control+Shift+ArrowRight');
  await expect.poll(() => valueOf(id, 'deadline')).toBe(at(5, 15));
  expect(await valueOf(id, 'starts_at')).toBe(at(3));
  await bar.click({ button: 'right' });
  await page.getByRole('menuitem', { name: 'Начать раньше на 1 день' }).click();
  await expect.poll(() => valueOf(id, 'starts_at')).toBe(at(2));
  await bar.focus();
  await page.keyboard.press('Enter');
  await expect(page).toHaveURL(new RegExp(`open=${id}`));
});

test('the scale, the rows and the dates stand in the address and in a view', async ({ page }) => {
  const deal = (values: object): Promise<unknown> => office.post('/records/deal', { values });
  await deal({ title: 'Кровля', stage: 'needs', expected_close: at(20).slice(0, 10) });
  await deal({ title: 'Фасад', stage: 'proposal', expected_close: at(40).slice(0, 10) });
  await office.enter(page, '/records/deal?section=all_deals&look=axis');
  const axis = page.getByRole('group', { name: /^Шкала времени/ });
  await expect(axis.getByRole('button', { name: /^Кровля:/ })).toBeVisible();
  await page.getByRole('radio', { name: 'Недели' }).check({ force: true });
  await expect(page).toHaveURL(/span=week/);
  await page.getByRole('button', { name: 'Настройки шкалы времени' }).click();
  await page.getByLabel('Строки').selectOption('Этап');
  await expect(axis.getByRole('region', { name: 'Потребности' }).getByRole('button', { name: /^Кровля:/ })).toBeVisible();
  await expect(axis.getByRole('region', { name: 'Предложение' }).getByRole('button', { name: /^Фасад:/ })).toBeVisible();
  await page.getByLabel('С', { exact: true }).selectOption('Нет');
  await page.keyboard.press('Escape');
  await expect(page).toHaveURL(/span=week(,|%2C)none(,|%2C)expected_close/);

  await page.getByRole('button', { name: 'Сохранить как вид' }).click();
  await page.getByLabel('Название').fill('По неделям');
  await page.getByRole('button', { name: 'Сохранить', exact: true }).click();
  await page.goto(`${office.url}/records/deal?section=all_deals&view=0`);
  await page.getByRole('tab', { name: 'По неделям' }).click();
  await expect(page).toHaveURL(/span=week/);
  await expect(axis.getByRole('region', { name: 'Потребности' })).toBeVisible();
  await page.getByRole('button', { name: 'Раньше' }).click();
  await expect(page).toHaveURL(/at=/);
  await page.getByRole('button', { name: 'Сегодня' }).click();
  await expect(page).not.toHaveURL(/at=/);
});

test('on a phone the rows have their names above them, a tap opens a card, and a held bar is moved', async ({ browser }) => {
  const id = await task({ title: 'Пальцем', starts_at: at(1), deadline: at(4, 15) });
  const context = await browser.newContext({ viewport: { width: 390, height: 844 }, hasTouch: true, isMobile: true, locale: 'ru-RU' });
  const page = await context.newPage();
  await office.enter(page, `/records/task?section=all_tasks&look=axis&filter=${encodeURIComponent('title = "Пальцем"')}`);
  const bar = page.getByRole('button', { name: /^Пальцем:/ });
  await expect(bar).toBeVisible();
  expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBe(390);
  await expectAccessible(page, 'a time axis on a phone');
  const box = await boxOf(bar);
  const [x, y] = [Math.round(box.x + 20), Math.round(box.y + box.height / 2)];
  const client = await context.newCDPSession(page);
  const touch = (type: string, points: { x: number; y: number }[]) => client.send('Input.dispatchTouchEvent', { type: type as 'touchStart', touchPoints: points });
  await touch('touchStart', [{ x, y }]);
  // A finger takes hold once it has rested.
  await expect.poll(() => page.evaluate(() => document.body.dataset.dragging)).toBe('');
  await touch('touchMove', [{ x: x + 20, y }]);
  await touch('touchMove', [{ x: x + 36, y }]);
  await touch('touchEnd', []);
  await expect.poll(() => valueOf(id, 'starts_at')).toBe(at(3));
  expect(await valueOf(id, 'deadline')).toBe(at(6, 15));
  await page.getByLabel('Масштаб').selectOption('Дни');
  await expect(page).toHaveURL(/span=day/);
  await bar.click();
  await expect(page).toHaveURL(new RegExp(`open=${id}`));
  await context.close();
});
