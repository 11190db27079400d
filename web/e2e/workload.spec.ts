/** Workload: what each person has to do and how full his week is; a number opens its list, a task is handed to another person. */
import type { Locator, Page } from '@playwright/test';
import { expectAccessible } from './support/accessible';
import { drag } from './support/drag';
import { Office } from './support/office';
import { toast } from './support/screens';
import { expect, test } from './support/test';

const office = Office.forThisFile();

function inHours(hours: number): string {
  return new Date(Date.now() + hours * 3_600_000).toISOString();
}

let worker: { id: number };
let other: { id: number };

function person(page: Page, id: number): Locator {
  return page.locator(`tbody[data-user="${id}"]`);
}

test.beforeAll(async () => {
  worker = await office.createUser('employee', 'Гнатюк Олег', 'hnatiuk');
  other = await office.createUser('employee', 'Сова Марта', 'sova');
  for (const [title, deadline] of [['Отправить счёт', inHours(-50)], ['Сверка', inHours(-3)], ['Разобрать архив', null]] as const) {
    await office.post('/records/task', { values: { title, deadline, responsible: worker.id } });
  }
  await office.post('/records/event', { values: { title: 'Планёрка', starts_at: inHours(0.1), ends_at: inHours(2.1), responsible: worker.id } });
});

test('the numbers of a person open their lists', async ({ page }) => {
  await office.enter(page, '/day');
  await page.getByRole('link', { name: 'Загрузка' }).click();
  await expect(page.getByRole('heading', { name: 'Загрузка' })).toBeAttached();
  const row = person(page, worker.id);
  await expect(row.getByRole('cell').nth(0)).toHaveText('2');
  await expect(row.getByRole('cell').nth(4)).toHaveText('3');
  await expect(row.getByRole('link', { name: /запланировано/ }).first()).toBeVisible();
  await expectAccessible(page, 'workload');
  await row.getByRole('link', { name: /Просрочено: 2/ }).click();
  await expect(page.getByRole('row', { name: /Отправить счёт/ })).toBeVisible();
  await expect(page.getByRole('row', { name: /Разобрать архив/ })).toBeHidden();
});

test('a task is handed to another person, and taken back', async ({ page }) => {
  await office.enter(page, '/day/workload');
  const row = person(page, worker.id);
  await row.getByRole('button', { name: 'Гнатюк Олег' }).click();
  await row.getByRole('button', { name: 'Передать «Сверка»' }).click();
  await page.getByRole('combobox', { name: 'Кому' }).fill('Сова');
  await page.keyboard.press('Enter');
  await expect(person(page, other.id).getByRole('cell').nth(4)).toHaveText('1');
  await expect(row.getByRole('cell').nth(4)).toHaveText('2');
  await toast(page, 'Задача «Сверка» передана: Сова Марта').getByRole('button', { name: 'Отменить' }).click();
  await expect(row.getByRole('cell').nth(4)).toHaveText('3');

  const task = row.getByRole('listitem').filter({ hasText: 'Разобрать архив' });
  await drag(task, person(page, other.id).getByRole('button', { name: 'Сова Марта' }));
  await expect(toast(page, 'Задача «Разобрать архив» передана: Сова Марта')).toBeVisible();
  await expect(person(page, other.id).getByRole('cell').nth(4)).toHaveText('1');
});

test('people are found by name, and weeks are turned', async ({ page }) => {
  await office.enter(page, '/day/workload');
  await page.getByRole('searchbox', { name: 'Найти сотрудника' }).fill('Сова');
  await expect(person(page, other.id)).toBeVisible();
  await expect(person(page, worker.id)).toBeHidden();
  await page.getByRole('button', { name: 'Неделя позже' }).click();
  await expect(page).toHaveURL(/week=/);
  await page.getByRole('button', { name: 'Эта неделя' }).click();
  await expect(page).not.toHaveURL(/week=/);
});

test.describe('on a phone', () => {
  test.use({ viewport: { width: 390, height: 844 }, hasTouch: true });

  test('the bar at the thumb leads to the day, the calendar, people and deals', async ({ page }) => {
    await office.enter(page, '/records/contact');
    const bar = page.getByRole('navigation', { name: 'Главное меню' });
    for (const [name, path] of [['Мой день', '/day'], ['Календарь', '/calendar'], ['Сделки', '/records/deal'], ['Контакты', '/records/contact']] as const) {
      const link = bar.getByRole('link', { name });
      await link.click();
      await expect(page).toHaveURL(new RegExp(`${path}(\\?|$)`));
      await expect(link).toHaveAttribute('aria-current', 'page');
    }
    await page.goto(`${office.url}/day/workload`);
    await expect(person(page, worker.id)).toBeVisible();
    expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBe(390);
  });
});
