/** Everything out of the base: one archive, asked for in the settings, for administrators only. */
import { readFile } from 'node:fs/promises';
import { Office } from './support/office';
import { expect, test } from './support/test';

const office = Office.forThisFile();

test('an administrator takes everything out in one archive', async ({ page }) => {
  await office.createPerson('Вивізний');
  await office.enter(page, '/settings/company');
  const section = page.getByRole('region', { name: 'Все данные' });
  await section.getByRole('button', { name: 'Выгрузить все данные' }).click();
  const download = page.waitForEvent('download');
  await section.getByRole('link', { name: 'Скачать' }).click();
  const file = await download;
  expect(file.suggestedFilename()).toMatch(/^Карпати Буд \d{4}-\d{2}-\d{2}\.zip$/);
  const archive = await readFile(await file.path());
  expect(archive.subarray(0, 2).toString('latin1')).toBe('PK');
  // The names of the members stand in the directory at the end.
  const directory = archive.toString('latin1');
  for (const name of ['contact.csv', 'user.csv', 'operations.csv', 'history.csv', 'files.csv', 'README.txt']) expect(directory).toContain(name);

  // It stands among the jobs too, and stays on the page.
  await page.reload();
  await expect(section.getByRole('link', { name: 'Скачать' })).toBeVisible();
  await page.getByRole('button', { name: /^(Работы|Выполняется)/ }).click();
  await expect(page.getByRole('dialog', { name: 'Работы' })).toContainText('Выгрузка всех данных');
});

test('a supervisor is not offered the whole base', async ({ page }) => {
  const head = await office.createUser('supervisor', 'Роман Лис', 'roman');
  await office.enter(page, '/settings/company', head);
  await expect(page.getByText('Это настраивает администратор')).toBeVisible();
  await expect(page.getByRole('button', { name: 'Выгрузить все данные' })).toBeHidden();
});
