/** Logging in with an account that somebody else keeps: the administrator adds the service, people come in with it, tie and untie their accounts. */
import { expectAccessible } from './support/accessible';
import { IdentityServer } from './support/identity-server';
import { ADMINISTRATOR, Office } from './support/office';
import { toast } from './support/screens';
import { expect, test } from './support/test';

const office = Office.forThisFile();
let provider: IdentityServer;

test.beforeAll(async () => {
  provider = await IdentityServer.start();
});

test.afterAll(() => provider.stop());

test('the administrator adds a service, and a colleague comes in with it at the page that was wanted', async ({ page, otherPage }) => {
  await office.enter(page, '/settings/sign-in');
  const section = page.getByRole('region', { name: 'Вход через другую службу' });
  await expect(section.getByRole('button', { name: 'Добавить службу' })).toBeDisabled();
  await page.getByRole('button', { name: `Взять ${office.url}` }).click();
  await expect(toast(page, 'Адрес сохранён')).toBeVisible();
  await section.getByRole('button', { name: 'Добавить службу' }).click();
  const dialog = page.getByRole('dialog', { name: 'Новая служба входа' });
  await dialog.getByRole('textbox', { name: 'Название' }).fill('Офис');
  await expect(dialog.getByRole('group', { name: 'Адрес возврата' })).toContainText(`${office.url}/sign-in`);
  const issuer = dialog.getByRole('textbox', { name: 'Адрес службы' });
  await issuer.fill('http://id.example.org');
  await dialog.getByRole('button', { name: 'Проверить службу' }).click();
  await expect(dialog.getByText('Нужен адрес https:// без параметров.')).toBeVisible();
  await issuer.fill(`${provider.issuer}/`);
  await dialog.getByRole('button', { name: 'Проверить службу' }).click();
  await expect(dialog.getByText(`Служба называет себя иначе: ${provider.issuer}.`)).toBeVisible();
  await issuer.fill(provider.issuer);
  await dialog.getByRole('button', { name: 'Проверить службу' }).click();
  await expect(dialog.getByText('Служба отвечает и подходит.')).toBeVisible();
  await dialog.getByRole('textbox', { name: 'Идентификатор клиента' }).fill('kartoteka');
  await dialog.getByLabel('Секрет клиента').fill('секрет');
  await dialog.getByLabel('Роль новых пользователей').selectOption({ label: 'Сотрудник' });
  await dialog.getByRole('button', { name: 'Добавить службу' }).click();
  await expect(dialog.getByText('Заполните это поле')).toBeVisible();
  await dialog.getByRole('textbox', { name: 'Домены почты' }).fill('@example.org');
  await expectAccessible(page, 'a new sign-in service');
  await dialog.getByRole('button', { name: 'Добавить службу' }).click();
  await expect(toast(page, 'Служба сохранена: Офис')).toBeVisible();
  await expect(section.getByText(provider.issuer)).toBeVisible();
  await expectAccessible(page, 'sign-in services');

  await otherPage.goto(`${office.url}/settings/profile`);
  await otherPage.getByRole('button', { name: 'Войти через Офис' }).click();
  await expect(otherPage.getByRole('heading', { name: 'Профиль' })).toBeVisible();
  expect(new URL(otherPage.url()).search).toBe('');
  await expect(otherPage.getByRole('textbox', { name: 'Имя' })).toHaveValue('Марія Гайда');
  // Her only way in stays.
  const own = otherPage.getByRole('region', { name: 'Вход через другую службу' });
  await own.getByRole('button', { name: 'Отвязать: Офис' }).click();
  await otherPage.getByRole('dialog').getByRole('button', { name: 'Отвязать' }).click();
  await expect(otherPage.getByText('Другого способа войти у вас нет.')).toBeVisible();
});

test('a colleague ties his account in the profile, and unties it', async ({ page }) => {
  const person = await office.createUser('employee', 'Петро Коваль', 'petro');
  provider.account = { sub: 'account-2', email: 'petro@elsewhere.example', email_verified: true };
  await page.goto(`${office.url}/login`);
  await page.getByRole('button', { name: 'Войти через Офис' }).click();
  await expect(page.getByText('Здесь ни у кого нет этой учётной записи')).toBeVisible();
  await expectAccessible(page, 'a login that did not work');
  provider.account = null;
  await page.getByRole('button', { name: 'Войти под другим логином' }).click();
  await page.getByRole('button', { name: 'Войти через Офис' }).click();
  await expect(page.getByText('Вы прервали вход на той стороне.')).toBeVisible();

  provider.account = { sub: 'account-2', email: 'petro@elsewhere.example', email_verified: true };
  await office.enter(page, '/settings/profile', person);
  const own = page.getByRole('region', { name: 'Вход через другую службу' });
  await own.getByRole('button', { name: 'Привязать: Офис' }).click();
  await expect(toast(page, 'Учётная запись привязана')).toBeVisible();
  await expect(own.getByText('petro@elsewhere.example')).toBeVisible();
  await page.context().clearCookies();
  await page.goto(`${office.url}/login`);
  await page.getByRole('button', { name: 'Войти через Офис' }).click();
  await expect(page.getByRole('navigation').first()).toBeVisible();
  await page.goto(`${office.url}/settings/profile`);
  await own.getByRole('button', { name: 'Отвязать: Офис' }).click();
  await page.getByRole('dialog').getByRole('button', { name: 'Отвязать' }).click();
  await expect(toast(page, 'Запись отвязана: Офис')).toBeVisible();
  await expect(own.getByText('Не привязана')).toBeVisible();
});

test('where the service alone lets in, the administrator still comes in with his password', async ({ page, otherPage }) => {
  await office.enter(page, '/settings/sign-in');
  const only = page.getByRole('checkbox', { name: 'Входить только через службу' });
  await only.check();
  await expect(only).toBeChecked();
  await otherPage.goto(`${office.url}/login`);
  await expect(otherPage.getByRole('button', { name: 'Войти через Офис' })).toBeVisible();
  await expect(otherPage.getByRole('textbox', { name: 'Пароль' })).toBeHidden();
  await expectAccessible(otherPage, 'a login with a service only');
  await otherPage.getByRole('button', { name: 'Войти как администратор' }).click();
  await otherPage.getByRole('textbox', { name: 'Логин' }).fill(ADMINISTRATOR.login);
  await otherPage.getByRole('textbox', { name: 'Пароль' }).fill(ADMINISTRATOR.password);
  await otherPage.getByRole('button', { name: 'Войти', exact: true }).click();
  await expect(otherPage.getByRole('navigation').first()).toBeVisible();
});
