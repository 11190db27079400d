/** The timeline of a card: notes with a category and a pin, tasks and deals among them, what is shown, and what comes in from the people of a company. */
import type { Locator, Page } from '@playwright/test';
import { expectAccessible } from './support/accessible';
import { ADMINISTRATOR, Office } from './support/office';
import { toast } from './support/screens';
import { expect, test } from './support/test';

const office = Office.forThisFile();
let company = 0;
let person = 0;

test.beforeAll(async () => {
  company = (await office.createCompany('ТОВ «Явір»')).id;
  person = (await office.createPerson('Бондаренко', { parent: company })).id;
  const make = (type: string, values: object): Promise<unknown> => office.post(`/records/${type}`, { values });
  await make('task', { title: 'Отправить смету', contact: company, deadline: '2031-03-01T09:00:00Z' });
  await make('deal', { title: 'Крыша склада', contact: company, stage: 'proposal', budget: { amount: 25_000_000, currency: 'UAH' } });
  await make('event', { title: 'Выставка', contacts: [company], starts_at: '2026-02-03T09:00:00Z', place: 'Киев' });
  await make('comment', { record: person, text: 'Просила перезвонить в четверг', category: 'call', happened_at: '2026-02-02T09:00:00Z' });
  await make('comment', { record: company, text: 'Старая заметка', happened_at: '2026-01-02T09:00:00Z' });
});

const stream = (page: Page): Locator => page.getByRole('group', { name: 'Лента' });
const entries = (page: Page): Locator => stream(page).getByRole('list', { name: 'Лента' }).getByRole('article');
const entry = (page: Page, text: string): Locator => stream(page).getByRole('article').filter({ hasText: text });
const chip = (page: Page, name: string): Locator => stream(page).getByRole('button', { name });

test('a note is written with a category, pinned, found again by it, changed and taken away', async ({ page }) => {
  await office.enter(page, `/records/contact/${company}`);
  const field = page.getByRole('textbox', { name: 'Заметка…' });
  await field.fill('Договорились о скидке');
  await stream(page).getByLabel('Категория', { exact: true }).first().selectOption('Договорённость');
  await field.press('ControlOrMeta+Enter');
  const note = entry(page, 'Договорились о скидке');
  await expect(note).toContainText(ADMINISTRATOR.name);
  await expect(note).toContainText('Договорённость');
  await expect(field).toHaveValue('');

  await note.hover();
  await note.getByRole('button', { name: 'Закрепить' }).click();
  const pinned = stream(page).getByRole('list', { name: 'Закреплённое' }).getByRole('article');
  await expect(pinned).toHaveText([/Договорились о скидке/]);
  await expect(entry(page, 'Договорились о скидке')).toHaveCount(1);
  await page.reload();
  await expect(pinned).toHaveCount(1);

  await pinned.getByRole('button', { name: 'Изменить заметку' }).click();
  await page.getByRole('textbox', { name: 'Изменить заметку' }).fill('Договорились о скидке 5 %');
  await pinned.getByRole('combobox', { name: 'Категория' }).selectOption('Звонок');
  await page.getByRole('button', { name: 'Сохранить', exact: true }).click();
  await expect(pinned).toContainText('скидке 5 %');
  await expect(pinned).toContainText('Звонок');

  const filter = stream(page).getByRole('group', { name: 'Что показать' }).getByRole('combobox', { name: 'Категория' });
  await filter.selectOption('Звонок');
  await expect(entries(page)).toHaveText([/Просила перезвонить/]);
  await expect(pinned).toHaveCount(1);
  await filter.selectOption('Все категории');

  await pinned.hover();
  await pinned.getByRole('button', { name: 'Открепить' }).click();
  await expect(pinned).toHaveCount(0);
  await note.hover();
  await note.getByRole('button', { name: 'Удалить заметку' }).click();
  await expect(note).toHaveCount(0);
  await toast(page, 'Заметка удалена').getByRole('button', { name: 'Отменить' }).click();
  await expect(note).toBeVisible();
});

test('a long note is changed as a whole', async ({ page }) => {
  const card = await office.createPerson('Многословный');
  const text = `Начало ${'подробности '.repeat(250)}конец`;
  const { record } = await office.post<{ record: { id: number } }>('/records/comment', { values: { record: card.id, text } });
  await office.enter(page, `/records/contact/${card.id}`);
  const note = entry(page, 'Начало подробности');
  await note.hover();
  await note.getByRole('button', { name: 'Изменить заметку' }).click();
  const editor = page.getByRole('textbox', { name: 'Изменить заметку' });
  await expect(editor).toHaveValue(text);
  await editor.fill(`${text} и ещё`);
  await page.getByRole('button', { name: 'Сохранить', exact: true }).click();
  await expect(editor).toBeHidden();
  const { values } = await office.get<{ values: Record<string, unknown> }>(`/records/comment/${record.id}`);
  expect(values.text).toBe(`${text} и ещё`);
});

test('tasks are ticked, what is shown is chosen and kept, people come in or not', async ({ page }) => {
  await office.enter(page, `/records/contact/${company}`);
  const task = entry(page, 'Отправить смету');
  await expect(entries(page).first()).toContainText('Отправить смету');
  await expect(stream(page).getByText('01.03.2031 · впереди')).toBeVisible();
  await expect(entry(page, 'Крыша склада')).toContainText(/Предложение.*250\s000/);
  await expect(entry(page, 'Выставка')).toBeVisible();
  await task.getByRole('checkbox').click();
  await expect(task.getByRole('checkbox')).toBeChecked();
  await expect(task).toContainText('Выполнена');

  // Of a person the entry says whose it is, and leads there.
  await expect(entry(page, 'Просила перезвонить').getByRole('link', { name: /Бондаренко/ })).toBeVisible();
  await expect(stream(page)).not.toContainText('Создание');
  await chip(page, 'Люди компании: 1').click();
  await expect(entry(page, 'Просила перезвонить')).toHaveCount(0);
  await chip(page, 'Сделки').click();
  await chip(page, 'Изменения').click();
  await expect(entry(page, 'Крыша склада')).toHaveCount(0);
  await expectAccessible(page, 'a timeline');
  await page.reload();
  await expect(entry(page, 'Выставка')).toBeVisible();
  await expect(chip(page, 'Сделки')).toHaveAttribute('aria-pressed', 'false');
  await expect(chip(page, 'Изменения')).toHaveAttribute('aria-pressed', 'true');
  await expect(entry(page, 'Крыша склада')).toHaveCount(0);
  for (const name of ['Сделки', 'Изменения', 'Люди компании: 1']) await chip(page, name).click();
  await entry(page, 'Просила перезвонить').getByRole('link', { name: /Бондаренко/ }).click();
  await expect(page.getByRole('heading', { level: 1, name: 'Бондаренко' })).toBeVisible();
  await expect(entries(page)).toHaveText([/Просила перезвонить/]);
});

test('what others do appears by itself, and a long stream goes on', async ({ page }) => {
  const card = await office.createPerson('Довгий');
  for (let number = 0; number < 75; number += 1) {
    const at = new Date(Date.UTC(2026, 0, 1, 9, number)).toISOString();
    await office.post('/records/comment', { values: { record: card.id, text: `Запись ${number}`, happened_at: at } });
  }
  await office.enter(page, `/records/contact/${card.id}`);
  await expect(entry(page, 'Запись 74')).toBeVisible();
  await office.post('/records/task', { values: { title: 'Новая от коллеги', contact: card.id } });
  await expect(entry(page, 'Новая от коллеги')).toBeVisible();
  await stream(page).getByRole('button', { name: 'Показать ещё' }).click();
  await expect(async () => {
    await stream(page).getByRole('list', { name: 'Лента' }).evaluate((list) => list.scrollIntoView({ block: 'end' }));
    await expect(entry(page, 'Запись 0')).toBeVisible({ timeout: 500 });
  }).toPass();
  expect(await entries(page).count()).toBeLessThan(60);
});

test('on a phone', async ({ page }) => {
  await page.setViewportSize({ width: 390, height: 844 });
  await office.enter(page, `/records/contact/${company}`);
  await page.getByRole('tab', { name: 'История' }).click();
  await expect(entry(page, 'Старая заметка')).toBeVisible();
  await expectAccessible(page, 'a timeline on a phone');
  const field = page.getByRole('textbox', { name: 'Заметка…' });
  await field.fill('С дороги');
  await stream(page).getByRole('button', { name: 'Добавить' }).click();
  await expect(entry(page, 'С дороги')).toBeVisible();
  const width = await page.evaluate(() => document.documentElement.scrollWidth);
  expect(width).toBeLessThanOrEqual(390);
});

test('an administrator adds a category', async ({ page }) => {
  await office.enter(page, '/settings/fields');
  await page.getByRole('tab', { name: 'Заметки' }).click();
  await page.getByRole('button', { name: 'Категория', exact: true }).click();
  const dialog = page.getByRole('dialog');
  await dialog.getByRole('button', { name: 'Ещё значение' }).click();
  await dialog.getByRole('textbox', { name: 'Значение 6' }).first().fill('Визит');
  await dialog.getByRole('button', { name: 'Сохранить', exact: true }).click();
  await expect(dialog).toHaveCount(0);
  await page.goto(`${office.url}/records/contact/${person}`);
  const field = page.getByRole('textbox', { name: 'Заметка…' });
  await field.fill('Заехали на склад');
  await stream(page).getByLabel('Категория', { exact: true }).first().selectOption('Визит');
  await field.press('ControlOrMeta+Enter');
  await expect(entry(page, 'Заехали на склад')).toContainText('Визит');
});
