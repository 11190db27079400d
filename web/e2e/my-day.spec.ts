/** My day: tasks, deals and events of a person in one list by deadline; ticked, put off and made there. */
import type { Locator, Page } from '@playwright/test';
import { expectAccessible } from './support/accessible';
import { Office } from './support/office';
import { toast } from './support/screens';
import { expect, test } from './support/test';

const office = Office.forThisFile();

/** So many hours from now; past midnight where `hours` leads there. */
function inHours(hours: number): string {
  return new Date(Date.now() + hours * 3_600_000).toISOString();
}

function day(page: Page, part: string): Locator {
  return page.getByRole('region', { name: part });
}

function row(page: Page, title: string): Locator {
  return page.getByRole('listitem', { name: title });
}

test.beforeAll(async () => {
  const client = await office.createPerson('Гайова', { first_name: 'Інна' });
  await office.post('/records/task', { values: { title: 'Отправить счёт', deadline: inHours(-50), category: 'email', contact: client.id } });
  await office.post('/records/task', { values: { title: 'Согласовать договор', deadline: inHours(24 * 40) } });
  await office.post('/records/task', { values: { title: 'Разобрать архив' } });
  await office.post('/records/deal', { values: { title: 'Поставка крепежа', contact: client.id, expected_close: inHours(-24 * 9).slice(0, 10), budget: { amount: 12_500_000, currency: 'UAH' } } });
  await office.post('/records/event', { values: { title: 'Планёрка', starts_at: inHours(-0.01), ends_at: inHours(0.5), place: 'Переговорная' } });
});

test('tasks, deals and the events of today stand in one list by deadline', async ({ page }) => {
  await office.enter(page, '/day');
  await expect(page.getByRole('heading', { name: 'Мой день' })).toBeVisible();
  await expect(day(page, 'Просрочено').getByRole('listitem')).toHaveText([/Поставка крепежа/, /Отправить счёт/]);
  await expect(day(page, 'Просрочено').getByRole('heading')).toContainText('2');
  await expect(day(page, 'Позже').getByRole('listitem')).toHaveText([/Согласовать договор/]);
  await expect(day(page, 'Без срока').getByRole('listitem')).toHaveText([/Разобрать архив/]);
  await expect(row(page, 'Планёрка')).toContainText('Переговорная');
  await expectAccessible(page, 'my day');
});

test('a tick closes a task where it stands, with an undo', async ({ page }) => {
  await office.enter(page, '/day');
  const tick = row(page, 'Отправить счёт').getByRole('checkbox');
  await tick.click();
  await expect(tick).toBeChecked();
  await expect(day(page, 'Просрочено').getByRole('heading')).toContainText('1');
  await toast(page, 'Выполнено: Отправить счёт').getByRole('button', { name: 'Отменить' }).click();
  await expect(tick).not.toBeChecked();
  await expect(day(page, 'Просрочено').getByRole('heading')).toContainText('2');
});

test('a line makes a task with the deadline that is typed in it', async ({ page }) => {
  await office.enter(page, '/day');
  const line = page.getByRole('textbox', { name: 'Новая задача' });
  await line.fill('Позвонить Гайовой завтра в 15:00');
  await expect(page.getByRole('status', { name: 'Срок' })).toContainText('15:00');
  await line.press('Enter');
  await expect(line).toHaveValue('');
  await expect(day(page, 'Завтра').getByRole('listitem', { name: 'Позвонить Гайовой' })).toContainText('15:00');
});

test('the keyboard walks the list, puts off, opens and ticks', async ({ page }) => {
  await office.enter(page, '/day');
  await row(page, 'Поставка крепежа').focus();
  await page.keyboard.press('j');
  await expect(row(page, 'Отправить счёт')).toBeFocused();
  await page.keyboard.press('1');
  await expect(day(page, 'Завтра').getByRole('listitem', { name: 'Отправить счёт' })).toBeVisible();
  await toast(page, 'Отправить счёт').getByRole('button', { name: 'Отменить' }).click();
  await expect(day(page, 'Просрочено').getByRole('listitem', { name: 'Отправить счёт' })).toBeVisible();
  await row(page, 'Поставка крепежа').focus();
  await page.keyboard.press('7');
  await expect(day(page, 'Просрочено').getByRole('listitem')).toHaveCount(1);
  await row(page, 'Разобрать архив').focus();
  await page.keyboard.press('Enter');
  await expect(page.getByRole('complementary', { name: 'Разобрать архив' })).toBeVisible();
  await expect(page).toHaveURL(/open=task-/);
  await page.keyboard.press('Escape');
  await expect(page.getByRole('complementary', { name: 'Разобрать архив' })).toBeHidden();
  await row(page, 'Разобрать архив').focus();
  await page.keyboard.press('e');
  await expect(row(page, 'Разобрать архив').getByRole('checkbox')).toBeChecked();
});

test('what a colleague gives comes by itself', async ({ page }) => {
  await office.enter(page, '/day');
  await expect(row(page, 'Согласовать договор')).toBeVisible();
  await office.post('/records/task', { values: { title: 'Пришло само', deadline: inHours(24 * 41) } });
  await expect(row(page, 'Пришло само')).toBeVisible();
});
