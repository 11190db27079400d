/** Templates of tasks: written in a row, tried out with their dates, used on a card and for all that are ticked. */
import { expectAccessible } from './support/accessible';
import { Office } from './support/office';
import { card, list, toast } from './support/screens';
import { expect, test } from './support/test';

const office = Office.forThisFile();
let client = 0;
let template = 0;

test.beforeAll(async () => {
  client = (await office.createPerson('Гайова', { first_name: 'Інна' })).id;
  await office.createPerson('Дзюба', { first_name: 'Остап' });
  const made = await office.post<{ record: { id: number } }>('/records/task_template', { values: { name: 'Подготовка выставки', description: 'От брони до благодарности' } });
  template = made.record.id;
  const line = (values: object): Promise<unknown> => office.post('/records/task_template_line', { values: { template, ...values } });
  await line({ title: 'Забронировать стенд', place: 1, category: 'call', checklist: 'План\nСчёт' });
  await line({ title: 'Разослать приглашения', place: 2, counts_from: 'date', deadline_offset: -10, deadline_unit: 'day', deadline_time: '12:00' });
});

test('a template is written as a list, and each task says when it is due', async ({ page }) => {
  await office.enter(page, '/records/task_template/new');
  await page.getByLabel('Название').fill('Новый клиент');
  await page.getByRole('button', { name: 'Сохранить', exact: true }).click();
  const entry = page.getByLabel('Добавить задачу');
  await entry.fill('Позвонить');
  await entry.press('Enter');
  const tasks = page.getByRole('list', { name: 'Задачи шаблона' }).getByRole('listitem');
  const call = tasks.filter({ has: page.getByLabel('Название «Позвонить»') });
  // What was just added stands open.
  await call.getByLabel('Срок: дни или часы').selectOption('часов');
  await expect(call).toContainText('через 1 час');
  await call.getByLabel('Срок: сколько').fill('2');
  await call.getByLabel('Срок: сколько').press('Enter');
  await expect(call).toContainText('через 2 часа');
  await call.getByLabel('Категория').selectOption('Звонок');
  await call.getByLabel('Чек-лист').fill('Имя\nТелефон');
  await call.getByLabel('Описание').focus();
  await expectAccessible(page, 'a template with an open task');
  await entry.fill('Отправить прайс');
  await entry.press('Enter');
  const price = tasks.filter({ has: page.getByLabel('Название «Отправить прайс»') });
  await expect(price).toContainText('через 1 рабочий день, 18:00');
  await price.getByLabel('Срок: до или после').selectOption('до');
  await expect(price).toContainText('на 1 рабочий день раньше');
  await price.getByLabel('Отсчёт от').selectOption('выбранной даты');
  await expect(price).toContainText('за 1 рабочий день до даты, 18:00');
  await price.getByLabel('Название «Отправить прайс»').press('Alt+ArrowUp');
  await expect(tasks.first()).toContainText('за 1 рабочий день до даты');
});

test('a template makes its tasks on a card with the dates that it showed, and takes them back', async ({ page }) => {
  await office.enter(page, `/records/contact/${client}`);
  await page.getByRole('button', { name: 'По шаблону' }).click();
  const dialog = page.getByRole('dialog', { name: /Задачи по шаблону/ });
  await dialog.getByLabel('Шаблон').selectOption('Подготовка выставки');
  await expect(dialog.getByRole('button', { name: /Создать/ })).toHaveAttribute('aria-disabled', 'true');
  await dialog.getByLabel('Отсчитывать от').fill('24.12.2026');
  await dialog.getByLabel('Отсчитывать от').press('Tab');
  const shown = dialog.getByRole('list', { name: 'Какие задачи появятся' }).getByRole('listitem');
  await expect(shown).toHaveCount(2);
  await expect(shown.nth(1)).toContainText('14.12.2026, 12:00');
  await expectAccessible(page, 'the preview of a template');
  await dialog.getByLabel('Создать «Забронировать стенд»').uncheck();
  await dialog.getByRole('button', { name: 'Создать 1 задачу' }).click();
  const tasks = card.related(page).getByRole('list', { name: 'Задачи' }).getByRole('listitem');
  await expect(tasks.filter({ hasText: 'Разослать приглашения' })).toBeVisible();
  await toast(page, 'Создана 1 задача').getByRole('button', { name: 'Отменить' }).click();
  await expect(tasks.filter({ hasText: 'Разослать приглашения' })).toHaveCount(0);
});

test('each ticked client gets the tasks of a template', async ({ page }) => {
  await office.enter(page, '/records/contact?section=clients');
  await expect(list.rows(page).first()).toBeVisible();
  for (const name of [/Гайова/, /Дзюба/]) await page.getByRole('checkbox', { name }).first().click();
  await page.getByRole('button', { name: 'Создать: Задача' }).click();
  await page.getByRole('button', { name: 'Несколько задач по шаблону' }).click();
  const dialog = page.getByRole('dialog', { name: /для каждого из 2/ });
  await dialog.getByLabel('Шаблон').selectOption('Подготовка выставки');
  await dialog.getByLabel('Отсчитывать от').fill('24.12.2026');
  await dialog.getByLabel('Отсчитывать от').press('Tab');
  await dialog.getByRole('button', { name: 'Создать 2 задачи' }).click();
  const count = async (): Promise<number> => (await office.get<{ items: unknown[] }>(`/records/task?filter=${encodeURIComponent('title = "Разослать приглашения"')}`)).items.length;
  await expect.poll(count).toBe(2);
});

test('a new task begins with a template too', async ({ page }) => {
  await office.enter(page, '/records/task/new?section=my_tasks');
  await page.getByRole('button', { name: 'По шаблону' }).click();
  const dialog = page.getByRole('dialog', { name: 'Задачи по шаблону' });
  await dialog.getByLabel('Шаблон').selectOption('Подготовка выставки');
  await expect(dialog.getByLabel('Отсчитывать от')).toBeVisible();
  await page.keyboard.press('Escape');
  await expect(dialog).toBeHidden();
});
