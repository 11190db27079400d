/** Logging in with a directory: the administrator adds and tries it, a colleague comes in with its password, another ties his account. */
import { expectAccessible } from './support/accessible';
import { DirectoryServer } from './support/directory-server';
import { Office } from './support/office';
import { toast } from './support/screens';
import { expect, test } from './support/test';

const office = Office.forThisFile();
let directory: DirectoryServer;

test.beforeAll(async () => {
  directory = await DirectoryServer.start();
});

test.afterAll(() => directory.stop());

test('the administrator adds a directory, and a colleague comes in with her password there', async ({ page, otherPage }) => {
  await office.enter(page, '/settings/sign-in');
  const section = page.getByRole('region', { name: 'Вход через другую службу' });
  await section.getByRole('button', { name: 'Добавить каталог' }).click();
  const dialog = page.getByRole('dialog', { name: 'Новый каталог' });
  await dialog.getByRole('textbox', { name: 'Название' }).fill('Домен');
  await dialog.getByRole('textbox', { name: 'Сервер' }).fill('dc.example.org');
  await dialog.getByRole('textbox', { name: 'Порт' }).fill(String(directory.port));
  await dialog.getByLabel('Защита').selectOption({ label: 'Нет' });
  await dialog.getByRole('textbox', { name: 'Учётная запись для поиска (DN)' }).fill(directory.asker.dn);
  await dialog.getByLabel('Её пароль').fill('не тот');
  await dialog.getByRole('textbox', { name: 'Где искать людей (base DN)' }).fill('dc=example,dc=org');
  await dialog.getByLabel('Вид каталога').selectOption({ label: 'OpenLDAP' });
  await expect(dialog.getByRole('textbox', { name: 'Фильтр' })).toHaveValue('(&(objectClass=inetOrgPerson)(uid={login}))');
  await dialog.getByLabel('Роль новых пользователей').selectOption({ label: 'Сотрудник' });
  // In clear text it goes to this machine alone, unless somebody says that it may go further.
  await dialog.getByRole('button', { name: 'Добавить каталог' }).click();
  await expect(dialog.getByText('Без шифрования пароли прочитают по дороге.')).toBeVisible();
  await expectAccessible(page, 'a new directory');
  await dialog.getByRole('textbox', { name: 'Сервер' }).fill('127.0.0.1');

  const steps = dialog.getByRole('list', { name: 'Проверка' });
  await dialog.getByRole('button', { name: 'Проверить каталог' }).click();
  await expect(steps.getByRole('listitem')).toHaveText(['Соединение', /Учётная запись для поиска: отказ/u]);
  await dialog.getByLabel('Её пароль').fill(directory.asker.password);
  await dialog.getByRole('textbox', { name: 'Логин', exact: true }).fill('maria');
  await dialog.getByLabel('Пароль', { exact: true }).fill(directory.person.password);
  await dialog.getByRole('button', { name: 'Проверить каталог' }).click();
  await expect(steps.getByRole('listitem')).toHaveText(['Соединение', 'Учётная запись для поиска', /Поиск: uid=maria.*Марія Гайда/u, 'Пароль']);
  await expectAccessible(page, 'a directory that was tried');
  await dialog.getByRole('button', { name: 'Добавить каталог' }).click();
  await expect(toast(page, 'Служба сохранена: Домен')).toBeVisible();
  await expect(section.getByText(`127.0.0.1:${directory.port} · dc=example,dc=org`)).toBeVisible();

  await otherPage.goto(`${office.url}/settings/profile`);
  await expect(otherPage.getByRole('button', { name: 'Войти через Домен' })).toBeHidden();
  await otherPage.getByRole('textbox', { name: 'Логин' }).fill('maria');
  await otherPage.getByRole('textbox', { name: 'Пароль' }).fill('не тот пароль');
  await otherPage.getByRole('button', { name: 'Войти', exact: true }).click();
  await expect(otherPage.getByText('Логин или пароль не подходят.')).toBeVisible();
  await otherPage.getByRole('textbox', { name: 'Пароль' }).fill(directory.person.password);
  await otherPage.getByRole('button', { name: 'Войти', exact: true }).click();
  await expect(otherPage.getByRole('textbox', { name: 'Имя' })).toHaveValue('Марія Гайда');
  await expect(otherPage.getByRole('region', { name: 'Вход через другую службу' })).toContainText('maria@example.org');
});

test('an account is tied in the profile by its login and password, and belongs to one', async ({ page }) => {
  const person = await office.createUser('employee', 'Петро Коваль', 'petro');
  await office.enter(page, '/settings/profile', person);
  const own = page.getByRole('region', { name: 'Вход через другую службу' });
  await own.getByRole('button', { name: 'Привязать: Домен' }).click();
  const dialog = page.getByRole('dialog', { name: 'Привязать: Домен' });
  await dialog.getByRole('textbox', { name: 'Логин' }).fill('maria');
  await dialog.getByLabel('Пароль').fill('не тот');
  await dialog.getByRole('button', { name: 'Привязать' }).click();
  await expect(dialog.getByText('Логин или пароль не подходит.')).toBeVisible();
  await expectAccessible(page, 'tying an account of a directory');
  await dialog.getByLabel('Пароль').fill(directory.person.password);
  await dialog.getByRole('button', { name: 'Привязать' }).click();
  await expect(dialog.getByRole('alert')).toContainText('привязана к другому');
});
