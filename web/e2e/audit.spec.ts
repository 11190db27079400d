/** The audit log: who logged in, found by person, kind and words, with details and as a file. */
import { expectAccessible } from './support/accessible';
import { Office } from './support/office';
import { expect, test } from './support/test';

const office = Office.forThisFile();
const AUDIT = '/settings/audit';

test('an administrator sees what a colleague did', async ({ page }) => {
  const colleague = await office.createUser('employee', 'Марія Журналенко', 'maria');
  await office.enter(page, '/records/contact', colleague);
  await office.enter(page, AUDIT);
  await expect(page.getByRole('heading', { level: 1, name: 'Аудит' })).toBeVisible();
  await expect(page.getByRole('button', { name: /Вход в систему/ }).first()).toBeVisible();
  await expectAccessible(page, 'audit');

  await page.getByRole('combobox', { name: 'Сотрудник' }).fill('Журналенко');
  await page.getByRole('option', { name: 'Марія Журналенко' }).click();
  await expect(page.getByRole('button', { name: /Создан пользователь Марія Журналенко/ })).toBeVisible();
  await page.getByRole('combobox', { name: 'Событие' }).fill('Вход');
  await page.getByRole('option', { name: 'Вход', exact: true }).click();
  await expect(page.getByRole('combobox', { name: 'Событие' })).toHaveValue('Вход');
  await expect(page.getByRole('button', { name: /Создан пользователь/ })).toHaveCount(0);
  const login = page.getByRole('button', { name: /Марія Журналенко.*Вход в систему/ }).first();
  await login.click();
  const details = page.getByRole('dialog', { name: 'Вход в систему' });
  await expect(details.getByText('127.0.0.1')).toBeVisible();
  await details.getByRole('button', { name: 'Закрыть' }).last().click();

  await page.getByRole('searchbox', { name: 'Поиск в подробностях' }).fill('такого слова нет');
  await expect(page.getByText('Ничего не найдено')).toBeVisible();
  await page.getByRole('button', { name: 'Сбросить' }).click();
  await expect(page.getByRole('button', { name: /Вход в систему/ }).first()).toBeVisible();
  const download = page.waitForEvent('download');
  await page.getByRole('link', { name: 'Скачать CSV' }).click();
  expect((await download).suggestedFilename()).toBe('audit.csv');
});

test('an employee is told that the log is not for him', async ({ page }) => {
  const colleague = await office.createUser('employee', 'Ігор Цікавий', 'ihor');
  await office.enter(page, AUDIT, colleague);
  await expect(page.getByText('Журнал аудита читает администратор')).toBeVisible();
});
