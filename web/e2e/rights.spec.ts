/** Who may see and do what: employees, supervisors, administrators, and people who do not know a password. */
import { readFile } from 'node:fs/promises';
import type { Page } from '@playwright/test';
import { expectAccessible } from './support/accessible';
import { Office, phone } from './support/office';
import { card, field, list, toast } from './support/screens';
import { expect, test } from './support/test';

const office = Office.forThisFile();
const LIST = '/records/contact?section=clients';

/** The CSV that the dialog of an export gives, which says what goes into it. */
async function exported(page: Page, announced: string): Promise<string> {
  const dialog = page.getByRole('dialog', { name: 'Выгрузка' });
  await expect(dialog).toContainText(announced);
  await dialog.getByLabel('Формат').selectOption('csv');
  await dialog.getByRole('button', { name: 'Выгрузить' }).click();
  await page.getByRole('button', { name: /^(Работы|Выполняется)/ }).click();
  const download = page.waitForEvent('download');
  await page.getByRole('dialog', { name: 'Работы' }).getByRole('link', { name: 'Скачать' }).click();
  return await readFile(await (await download).path(), 'utf8');
}

test('an employee sees own and shared contacts, and may not export', async ({ page }) => {
  const employee = await office.createUser('employee', 'Марта Вовк', 'marta');
  const hidden = await office.createPerson('Прихований', { channels: [phone('067 500 10 10')] });
  await office.createPerson('Відкритий', { visibility: 'read' });
  await office.createPerson('Мартин', { managers: [employee.id] });

  await office.enter(page, LIST, employee);
  await expect(list.row(page, 'Мартин')).toBeVisible();
  await expect(list.row(page, 'Відкритий')).toBeVisible();
  await expect(list.row(page, 'Прихований')).toBeHidden();
  await expect(page.getByText('Показано 2 из 2')).toBeVisible();

  await page.getByRole('button', { name: 'Действия со списком' }).click();
  const exportItem = page.getByRole('menuitem', { name: 'Выгрузить' });
  await expect(exportItem).toHaveAttribute('aria-disabled', 'true');
  await expect(exportItem).toHaveAttribute('title', 'Ваша роль не даёт выгружать. Спросите администратора');
  await page.keyboard.press('Escape');

  await page.keyboard.press('Control+K');
  await page.getByRole('combobox').fill('067 500 10 10');
  await expect(page.getByText('По запросу «067 500 10 10» ничего нет')).toBeVisible();
  await page.keyboard.press('Escape');

  await page.goto(`${office.url}/records/contact/${hidden.id}`);
  await expect(page.getByText('Такой записи нет, или она вам не видна.')).toBeVisible();
  await page.goto(office.url + LIST);
  await list.row(page, 'Відкритий').getByRole('link').click();
  await expect(list.panel(page, 'Відкритий')).toBeVisible();
  await expect(card.edit(page, 'Фамилия')).toBeHidden();
  await expect(list.panel(page, 'Відкритий')).toContainText('Только чтение: за карточку отвечает Олена Ковальчук');
  await page.getByRole('button', { name: 'Действия с карточкой' }).click();
  await expect(page.getByText('У вас нет права удалять эту карточку')).toBeVisible();
  await page.keyboard.press('Escape');
  await list.row(page, 'Мартин').getByRole('link').click();
  await expect(card.edit(page, 'Фамилия')).toBeAttached();
  await expect(list.panel(page, 'Мартин')).not.toContainText('Только чтение');

  await page.goto(`${office.url}/settings/users`);
  await expect(page.getByText('Это настраивает администратор')).toBeVisible();
});

test('a company that one may not see is told apart from none', async ({ page }) => {
  const employee = await office.createUser('employee', 'Ганна Ясен', 'hanna');
  const firm = await office.createCompany('ТОВ «Скрита»');
  await office.createPerson('Підлеглий', { parent: firm.id, managers: [employee.id] });
  await office.createPerson('Вільний', { managers: [employee.id] });
  await office.enter(page, LIST, employee);
  await expect(list.row(page, 'Підлеглий')).toContainText('скрыто от вас');
  await expect(list.row(page, 'Вільний')).not.toContainText('скрыто от вас');
  await expect(page.getByText('ТОВ «Скрита»')).toHaveCount(0);
});

test('an employee learns who owns a phone, but not of which card', async ({ page }) => {
  const employee = await office.createUser('employee', 'Левко Сорока', 'levko');
  await office.createPerson('Таємний', { channels: [phone('067 500 20 20')] });
  await office.enter(page, '/records/contact/new?section=clients', employee);
  await field(page, 'Фамилия').fill('Новий');
  await page.getByRole('button', { name: 'Телефон', exact: true }).click();
  await page.getByRole('textbox', { name: 'Телефон' }).fill('067 500 20 20');
  await page.getByRole('button', { name: 'Сохранить', exact: true }).click();
  await expect(page.getByRole('alert')).toContainText('карточке, которая вам не видна. Ответственный: Олена Ковальчук');
  await expect(page.getByText('Таємний')).toHaveCount(0);
});

test('an employee hears before a deletion how many of the ticked are his to delete', async ({ page }) => {
  const employee = await office.createUser('employee', 'Ігор Бук', 'ihor');
  await office.createPerson('Букчужа', { visibility: 'read' });
  await office.createPerson('Букчужий', { visibility: 'write' });
  await office.createPerson('Буквласна', { managers: [employee.id] });
  await office.enter(page, `${LIST}&q=${encodeURIComponent('Бук')}`, employee);
  const bar = page.getByRole('toolbar', { name: 'Действия с отмеченными' });
  for (const name of ['Букчужа', 'Букчужий']) await page.getByRole('checkbox', { name: `Отметить: ${name}` }).check();
  await bar.getByRole('button', { name: 'Удалить' }).click();
  const none = page.getByRole('dialog', { name: 'Удалить 2 записи?' });
  await expect(none).toContainText('Удалить эти записи вы не можете');
  await expect(none.getByRole('button', { name: /^Удалить/ })).toHaveAttribute('aria-disabled', 'true');
  await expectAccessible(page, 'deletion that is not allowed');
  await none.getByRole('button', { name: 'Отмена' }).click();

  await page.getByRole('checkbox', { name: 'Отметить: Буквласна' }).check();
  await bar.getByRole('button', { name: 'Удалить' }).click();
  const some = page.getByRole('dialog', { name: 'Удалить 3 записи?' });
  await expect(some).toContainText('Из них вы можете удалить 1:');
  await some.getByRole('button', { name: 'Удалить 1 запись' }).click();
  await expect(list.row(page, 'Буквласна')).toHaveCount(0);
  await expect(list.row(page, 'Букчужа')).toBeVisible();
});

test('a supervisor exports what the list shows', async ({ page }) => {
  const head = await office.createUser('supervisor', 'Роман Лис', 'roman');
  await office.createPerson('Вивізний', { position: '=1+1' });
  await office.enter(page, `${LIST}&q=${encodeURIComponent('Вивізний')}`, head);
  await expect(list.row(page, 'Вивізний')).toBeVisible();
  await page.getByRole('button', { name: 'Действия со списком' }).click();
  await page.getByRole('menuitem', { name: 'Выгрузить' }).click();
  const text = await exported(page, 'которые подходят под условия списка: 1');
  expect(text.trim().split('\n')).toHaveLength(2);
  expect(text).toContain('Вивізний');
  // A spreadsheet would run a cell that begins with an equals sign.
  expect(text).not.toMatch(/(^|[,;"])=1\+1/m);
});

test('ticked rows are exported and no others, by who may', async ({ page, otherPage }) => {
  for (const name of ['Обраненко', 'Обраний', 'Обрана']) await office.createPerson(name, { visibility: 'read' });
  const address = `${LIST}&q=${encodeURIComponent('Обран')}`;
  const clerk = await office.createUser('employee', 'Ірина Сич', 'iryna');
  await office.enter(otherPage, address, clerk);
  await otherPage.getByRole('checkbox', { name: 'Отметить: Обраненко' }).check();
  const forbidden = otherPage.getByRole('toolbar', { name: 'Действия с отмеченными' }).getByRole('button', { name: 'Выгрузить' });
  await expect(forbidden).toHaveAttribute('title', 'Ваша роль не даёт выгружать. Спросите администратора');

  const head = await office.createUser('supervisor', 'Тарас Кіт', 'taraskit');
  await office.enter(page, address, head);
  await page.getByRole('checkbox', { name: 'Отметить: Обраненко' }).check();
  await page.getByRole('checkbox', { name: 'Отметить: Обрана' }).check();
  await page.getByRole('toolbar', { name: 'Действия с отмеченными' }).getByRole('button', { name: 'Выгрузить' }).click();
  const text = await exported(page, 'Будут выгружены отмеченные записи: 2');
  expect(text.trim().split('\n')).toHaveLength(3);
  expect(text).toContain('Обраненко');
  expect(text).not.toContain('Обраний');
});

test('an administrator adds a field; it stands on the card, in the list and among the conditions', async ({ page, otherPage }) => {
  const person = await office.createPerson('Полевич');
  const head = await office.createUser('supervisor', 'Інна Гай', 'inna');
  await office.enter(otherPage, `/records/contact/${person.id}`, head);
  await office.enter(page, '/settings/fields');
  await page.getByRole('button', { name: 'Новое поле' }).click();
  const dialog = page.getByRole('dialog', { name: 'Новое поле' });
  await dialog.getByRole('textbox', { name: 'Название: Русский' }).fill('Любимый напиток');
  await dialog.getByLabel('Вид', { exact: true }).selectOption('choice');
  await dialog.getByRole('textbox', { name: 'Значение 1: Русский' }).fill('Узвар');
  if (!(await dialog.getByRole('textbox', { name: 'Значение 2: Русский' }).isVisible())) await dialog.getByRole('button', { name: 'Ещё значение' }).click();
  await dialog.getByRole('textbox', { name: 'Значение 2: Русский' }).fill('Кава');
  await dialog.getByRole('button', { name: 'Добавить поле' }).click();
  await expect(toast(page, 'Поле добавлено: Любимый напиток')).toBeVisible();

  // The colleague's page is not loaded anew: the catalog comes by the event stream.
  await otherPage.getByRole('button', { name: /Показать .* пуст/ }).click();
  await card.edit(otherPage, 'Любимый напиток').click();
  await card.about(otherPage).getByRole('combobox').selectOption({ label: 'Кава' });
  await otherPage.keyboard.press('Enter');
  await expect(toast(otherPage, 'Сохранено: Любимый напиток')).toBeVisible();

  await page.goto(`${office.url}${LIST}`);
  await page.getByRole('button', { name: /колон/ }).click();
  await page.getByRole('dialog', { name: 'Колонки' }).getByRole('checkbox', { name: 'Любимый напиток' }).check();
  await page.keyboard.press('Escape');
  await expect(list.row(page, 'Полевич')).toContainText('Кава');
  await page.getByRole('button', { name: 'Условие' }).click();
  await page.getByRole('dialog', { name: 'Новое условие' }).getByRole('button', { name: 'Любимый напиток' }).click();
  await page.getByRole('dialog').getByRole('checkbox', { name: 'Узвар' }).check();
  await page.getByRole('dialog').getByRole('button', { name: 'Применить' }).click();
  await expect(page.getByText('Ничего не нашлось')).toBeVisible();
});

test('an administrator makes a user, who logs in, and shuts the door again', async ({ page, otherPage }) => {
  await office.enter(page, '/settings/users');
  await page.getByRole('button', { name: 'Новый пользователь' }).click();
  const dialog = page.getByRole('dialog', { name: 'Новый пользователь' });
  await dialog.getByRole('button', { name: 'Создать' }).click();
  await expect(dialog.getByRole('alert').first()).toHaveText('Заполните это поле.');
  await dialog.getByLabel('Имя').fill('Зоряна Клен');
  await dialog.getByLabel('Логин').fill('zoriana');
  await dialog.getByRole('textbox', { name: 'Пароль' }).fill('Перший-день-2026');
  await dialog.getByRole('button', { name: 'Убрать: Сотрудник' }).click();
  await dialog.getByRole('combobox', { name: 'Роли' }).fill('Рук');
  await dialog.getByRole('option', { name: 'Руководитель' }).click();
  await dialog.getByRole('button', { name: 'Создать' }).click();
  await expect(page.getByRole('table', { name: 'Пользователи' }).getByRole('row').filter({ hasText: 'Зоряна Клен' })).toContainText('Руководитель');

  await otherPage.goto(office.url);
  await otherPage.getByLabel('Логин').fill('zoriana');
  await otherPage.getByLabel('Пароль').fill('Перший-день-2026');
  await otherPage.getByRole('button', { name: 'Войти' }).click();
  await expect(otherPage.getByRole('navigation', { name: 'Разделы' })).toContainText('Зоряна Клен');

  await page.getByRole('button', { name: 'Зоряна Клен: действия' }).click();
  await page.getByRole('menuitem', { name: 'Отключить' }).click();
  await page.getByRole('dialog', { name: 'Отключить: Зоряна Клен?' }).getByRole('button', { name: 'Отключить, ничего не передавать' }).click();
  await expect(otherPage.getByRole('heading', { name: 'Вход' })).toBeVisible();
});

test('the login says what is wrong, and slows guessing down', async ({ page }) => {
  const person = await office.createUser('employee', 'Захар Мур', 'zakhar');
  await page.goto(office.url);
  await expect(page.getByRole('heading', { name: 'Вход' })).toBeVisible();
  await page.getByLabel('Логин').fill(person.login);
  for (let guess = 0; guess < 5; guess += 1) {
    await page.getByLabel('Пароль').fill(`навмання-${guess}`);
    const answered = page.waitForResponse((response) => response.url().endsWith('/api/v1/session') && response.request().method() === 'POST');
    await page.getByRole('button', { name: 'Войти' }).click();
    expect((await answered).status()).toBe(401);
    await expect(page.getByRole('alert')).toHaveText('Логин или пароль не подходят.');
  }
  await page.getByLabel('Пароль').fill(person.password);
  await page.getByRole('button', { name: 'Войти' }).click();
  await expect(page.getByRole('alert')).toContainText(/Слишком много попыток\. Повторите через \d+/);
});
