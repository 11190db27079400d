/** Who a user is to the company: chosen when he is made, found by it, and out after his last day. */
import { expectAccessible } from './support/accessible';
import { Office } from './support/office';
import { field } from './support/screens';
import { expect, test } from './support/test';

const office = Office.forThisFile();

test('a temporary worker is made with a last day, found by it, and is out when it is over', async ({ page, browser }) => {
  await office.enter(page, '/settings/users');
  await page.getByRole('button', { name: 'Новый пользователь' }).click();
  const dialog = page.getByRole('dialog');
  await field(dialog, 'Имя').fill('Світлана Тимчасова');
  await field(dialog, 'Логин').fill('svitlana');
  await dialog.getByLabel('Кто это').selectOption('temporary');
  await dialog.getByRole('button', { name: 'Создать', exact: true }).click();
  await expect(field(dialog, 'Работает до')).toHaveAttribute('aria-invalid', 'true');
  await field(dialog, 'Работает до').fill('31.12.2099');
  await expectAccessible(page, 'a new temporary worker');
  const password = await dialog.locator('#new-user-password').inputValue();
  await dialog.getByRole('button', { name: 'Создать', exact: true }).click();
  await expect(dialog).toBeHidden();
  const row = page.getByRole('row').filter({ hasText: 'Світлана Тимчасова' });
  await expect(row).toContainText('Временный работник');
  await expect(row).toContainText('до 31.12.2099');

  await page.getByLabel('Кто это').selectOption('partner');
  await expect(page.getByText('Таких пользователей нет')).toBeVisible();
  await page.getByLabel('Кто это').selectOption('temporary');
  await expect(row).toBeVisible();
  await expect(page.getByRole('row').filter({ hasText: 'Олена Ковальчук' })).toHaveCount(0);
  await expectAccessible(page, 'users of one kind');

  const own = await browser.newContext({ locale: 'ru-RU' });
  const theirs = await own.newPage();
  const person = { name: 'Світлана Тимчасова', login: 'svitlana', password };
  await office.enter(theirs, '/records/contact', person);
  await expect(theirs.getByRole('navigation').first()).toBeVisible();
  await row.getByTitle('Изменить: Світлана Тимчасова').click();
  await field(page.getByRole('dialog'), 'Работает до').fill('01.01.2020');
  await page.getByRole('dialog').getByRole('button', { name: 'Сохранить' }).click();
  await expect(row).toContainText('срок вышел 01.01.2020');
  // The page hears of it by itself.
  await expect(theirs.getByRole('button', { name: 'Войти', exact: true })).toBeVisible();
  await field(theirs, 'Логин').or(theirs.getByLabel('Логин')).first().fill('svitlana');
  await theirs.locator('input[type=password]').fill(password);
  await theirs.getByRole('button', { name: 'Войти', exact: true }).click();
  await expect(theirs.getByText('Срок работы учётной записи вышел')).toBeVisible();
  await own.close();
});
