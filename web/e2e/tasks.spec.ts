/** Tasks: from the card of a client, in the list with its tick, late ones, one for each ticked client. */
import type { Page } from '@playwright/test';
import { expectAccessible } from './support/accessible';
import { Office } from './support/office';
import { card, field, list, toast } from './support/screens';
import { expect, test } from './support/test';

const office = Office.forThisFile();
let client = 0;

test.beforeAll(async () => {
  client = (await office.createPerson('Гайова', { first_name: 'Інна' })).id;
  await office.createPerson('Дзюба', { first_name: 'Остап' });
  await office.post('/records/task', { values: { title: 'Отправить счёт', deadline: '2026-01-10T10:00:00Z', category: 'email', contact: client } });
});

async function openTasks(page: Page): Promise<void> {
  await office.enter(page, '/records/task?section=my_tasks');
  await expect(list.rows(page).first()).toBeVisible();
}

test('a task is made on the card of a client with a title and Enter, and ticked there', async ({ page }) => {
  await office.enter(page, `/records/contact/${client}`);
  const tasks = card.related(page).getByRole('list', { name: 'Задачи' }).getByRole('listitem');
  const entry = page.getByLabel('Новая запись: задача');
  await entry.fill('Позвонить насчёт договора');
  await entry.press('Enter');
  const made = tasks.filter({ hasText: 'Позвонить насчёт договора' });
  await expect(made).toBeVisible();
  await expect(entry).toHaveValue('');
  await expect(tasks.filter({ hasText: 'Отправить счёт' }).getByRole('img', { name: 'Просрочено' })).toBeVisible();
  await expectAccessible(page, 'a card with tasks');
  await made.getByRole('checkbox', { name: 'Выполнено: Позвонить насчёт договора' }).click();
  await expect(toast(page, 'Выполнено: Позвонить насчёт договора')).toBeVisible();
  // It stays where it is until the list is read again, so that a slip is seen.
  await expect(made.getByRole('checkbox')).toBeChecked();
  await toast(page, 'Выполнено: Позвонить насчёт договора').getByRole('button', { name: 'Отменить' }).click();
  await expect(made.getByRole('checkbox')).not.toBeChecked();
});

test('the list has what is open by its deadline, says what is late, and a tick closes it', async ({ page }) => {
  await openTasks(page);
  await expectAccessible(page, 'the list of tasks');
  const late = list.rows(page).filter({ hasText: 'Отправить счёт' });
  await expect(late.getByRole('img', { name: 'Просрочено' })).toBeVisible();
  await expect(list.rows(page).first()).toContainText('Отправить счёт');
  await late.getByRole('checkbox', { name: 'Выполнено: Отправить счёт' }).click();
  const tick = late.getByRole('checkbox', { name: 'Выполнено: Отправить счёт' });
  await expect(tick).toBeChecked();
  await expect(late.getByRole('img', { name: 'Просрочено' })).toBeHidden();
  await toast(page, 'Выполнено: Отправить счёт').getByRole('button', { name: 'Отменить' }).click();
  await expect(tick).not.toBeChecked();
  await tick.click();
  await page.reload();
  await expect(list.rows(page).first()).toBeVisible();
  await expect(late).toBeHidden();
});

test('a deadline is chosen with one press', async ({ page }) => {
  await office.enter(page, '/records/task/new?section=my_tasks');
  await field(page, 'Название').fill('Подготовить презентацию');
  await page.getByRole('button', { name: 'Через 3 дня' }).click();
  await page.getByRole('button', { name: 'Сохранить', exact: true }).click();
  const in3 = new Date(Date.now() + 3 * 86_400_000);
  const about = page.getByRole('region', { name: 'О контакте' }).or(page.getByRole('region', { name: 'О карточке' })).or(page.getByRole('main'));
  await expect(about.first()).toContainText(new Intl.DateTimeFormat('ru', { day: '2-digit', month: '2-digit', year: 'numeric' }).format(in3));
  await expect(about.first()).toContainText('18:00');
});

test('each ticked client gets an equal task', async ({ page }) => {
  await office.enter(page, '/records/contact?section=clients');
  await page.getByRole('checkbox', { name: /Гайова/ }).first().click();
  await page.getByRole('checkbox', { name: /Дзюба/ }).first().click();
  await page.getByRole('button', { name: 'Создать: Задача' }).click();
  const dialog = page.getByRole('dialog', { name: 'Задача для каждой из 2' });
  await dialog.getByLabel('Название').fill('Поздравить с праздником');
  await expectAccessible(page, 'a task for each');
  await dialog.getByRole('button', { name: 'Создать 2' }).click();
  await expect(toast(page, 'Новые записи').or(toast(page, 'Задача: создаётся 2')).first()).toBeVisible();
  await office.enter(page, '/records/task?section=my_tasks');
  await expect(list.rows(page).filter({ hasText: 'Поздравить с праздником' })).toHaveCount(2);
});

test('a deadline is typed with its time', async ({ page }) => {
  await office.enter(page, '/records/task/new?section=my_tasks');
  await field(page, 'Название').fill('Сверка');
  await field(page, 'Срок').fill('24.11.2036 14:30');
  await page.getByRole('button', { name: 'Сохранить', exact: true }).click();
  await expect(page.getByRole('main')).toContainText('24.11.2036, 14:30');
});

test('what a status means is said where the list of statuses is kept', async ({ page }) => {
  await office.enter(page, '/settings/fields');
  await page.getByRole('tab', { name: 'Задачи' }).click();
  await page.getByRole('button', { name: 'Поле «Статус»: действия' }).click();
  await page.getByRole('menuitem', { name: 'Изменить' }).click();
  const dialog = page.getByRole('dialog');
  await expect(dialog.getByLabel('Значение 1, что значит')).toHaveValue('open');
  await dialog.getByRole('button', { name: 'Ещё значение' }).click();
  await dialog.getByRole('textbox', { name: 'Значение 5: Русский' }).fill('Ждём ответа');
  await dialog.getByLabel('Значение 5, что значит').selectOption({ label: 'в работе' });
  await dialog.getByRole('button', { name: 'Сохранить' }).click();
  await expect(dialog).toBeHidden();
  const waiting = await office.get<{ object_types: { name: string; fields: { name: string; settings: { options?: { key: string; meaning?: string }[] } }[] }[] }>('/catalog');
  const status = waiting.object_types.find(({ name }) => name === 'task')?.fields.find(({ name }) => name === 'status');
  expect(status?.settings.options?.at(-1)?.meaning).toBe('open');
});
