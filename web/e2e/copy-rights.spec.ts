/** A new colleague who may what another one may: by an administrator who never saw the program, in less than a minute. */
import { expectAccessible } from './support/accessible';
import { ADMINISTRATOR, Office } from './support/office';
import { toast } from './support/screens';
import { expect, test } from './support/test';

const office = Office.forThisFile();
const A_MINUTE_MS = 60_000;

test('an administrator gives a new colleague the rights of another one', async ({ page, otherPage }) => {
  const head = await office.createUser('supervisor', 'Роман Лис', 'roman');
  const model = await office.createUser('employee', 'Марта Вовк', 'marta');
  await office.patch(`/records/user/${model.id}`, { values: { head: head.id } });
  await office.post('/records/team', { values: { name: 'Продажи', members: [model.id] } });
  const shared = await office.createPerson('Спільний');
  const [team] = (await office.get<{ items: { id: number }[] }>('/records/team')).items;
  await office.changeContact(shared.id, { reading_teams: [team?.id] });

  const started = Date.now();
  await page.goto(office.url);
  await page.getByLabel('Логин').fill(ADMINISTRATOR.login);
  await page.getByLabel('Пароль', { exact: true }).fill(ADMINISTRATOR.password);
  await page.getByRole('button', { name: 'Войти' }).click();
  await page.getByRole('link', { name: 'Настройки' }).click();
  await page.getByRole('link', { name: 'Пользователи' }).click();
  await page.getByRole('button', { name: 'Новый пользователь' }).click();
  const dialog = page.getByRole('dialog', { name: 'Новый пользователь' });
  await dialog.getByLabel('Имя').fill('Зоряна Клен');
  await dialog.getByLabel('Логин').fill('zoriana');
  await dialog.getByRole('textbox', { name: 'Пароль' }).fill('Перший-день-2026');
  await dialog.getByLabel('Такие же права, как у коллеги').fill('Марта');
  await dialog.getByRole('option', { name: 'Марта Вовк' }).click();
  // What will be saved is shown before it is.
  await expect(dialog).toContainText('Взято у коллеги: Марта Вовк');
  await expect(dialog.getByRole('list', { name: 'Роли' })).toContainText('Сотрудник');
  await expect(dialog.getByRole('list', { name: 'Команды' })).toContainText('Продажи');
  await expect(dialog.getByLabel('Руководитель')).toHaveValue('Роман Лис');
  await dialog.getByRole('button', { name: 'Создать', exact: true }).click();
  await expect(toast(page, 'Пользователь создан: Зоряна Клен')).toBeVisible();
  expect(Date.now() - started).toBeLessThan(A_MINUTE_MS);

  // She sees at once what her team sees.
  await office.enter(otherPage, `/records/contact/${shared.id}`, { name: 'Зоряна Клен', login: 'zoriana', password: 'Перший-день-2026' });
  await expect(otherPage.getByRole('heading', { name: 'Спільний' })).toBeVisible();
});

test('rights of a colleague for somebody who is there already, and back', async ({ page }) => {
  await office.createUser('supervisor', 'Інна Гай', 'inna');
  await office.createUser('employee', 'Тарас Кіт', 'taras');
  await office.enter(page, '/settings/users');
  const row = page.getByRole('table', { name: 'Пользователи' }).getByRole('row').filter({ hasText: 'Тарас Кіт' });
  await row.getByRole('button', { name: 'Тарас Кіт: действия' }).click();
  await page.getByRole('menuitem', { name: 'Скопировать права коллеги…' }).click();
  const dialog = page.getByRole('dialog', { name: 'Тарас Кіт' });
  await dialog.getByLabel('Такие же права, как у коллеги').fill('Інна');
  await dialog.getByRole('option', { name: 'Інна Гай' }).click();
  await expect(dialog.getByRole('list', { name: 'Роли' })).toContainText('Руководитель');
  await expectAccessible(page, 'rights of a colleague');
  await dialog.getByRole('button', { name: 'Сохранить' }).click();
  await expect(row).toContainText('Руководитель');
  await toast(page, 'Права как у коллеги (Інна Гай): Тарас Кіт').getByRole('button', { name: 'Отменить' }).click();
  await expect(row).toContainText('Сотрудник');
});
