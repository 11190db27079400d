/** A list as a table of groups: what it is made of stands in the address and in saved views, a number opens its list, and the table is exported. */
import { readFile } from 'node:fs/promises';
import { expectAccessible } from './support/accessible';
import { Office } from './support/office';
import { list } from './support/screens';
import { expect, test } from './support/test';

const office = Office.forThisFile();

test('a list is taken apart by rows and columns, and a cell opens its list', async ({ page }) => {
  const deal = (values: object): Promise<unknown> => office.post('/records/deal', { values });
  await deal({ title: 'Крыша', stage: 'won', budget: { amount: 31_000_000, currency: 'UAH' } });
  await deal({ title: 'Забор', stage: 'won', budget: { amount: 1_000_000, currency: 'UAH' } });
  await deal({ title: 'Гараж', stage: 'needs', expected_close: '2026-11-05', budget: { amount: 500_000, currency: 'UAH' } });
  await office.enter(page, '/records/deal?section=all_deals');
  await page.getByRole('radio', { name: 'Сводная таблица' }).check({ force: true });
  await expect(page).toHaveURL(/look=pivot/);
  const table = page.getByRole('table', { name: 'Сводная таблица: Сделки' });
  await expect(table.getByRole('columnheader', { name: 'Выиграна' })).toBeVisible();
  await expect(table.getByRole('row').last()).toContainText('3');
  await page.getByLabel('Значение').selectOption('Сумма: Бюджет');
  await expect(table.getByRole('row').last()).toContainText(/325\s000/);
  await page.getByLabel('Значение').selectOption('Среднее: Бюджет');
  await expect(table.getByRole('row').nth(1)).toContainText(/160\s000/);
  await page.getByLabel('и затем').selectOption('Ожидаемое закрытие: по месяцам');
  await expect(table.getByRole('row', { name: /нояб/ })).toContainText(/5\s000/);
  await expectAccessible(page, 'a pivot table');

  await page.getByRole('button', { name: 'Сохранить как вид' }).click();
  await page.getByLabel('Название').fill('По этапам');
  await page.getByRole('button', { name: 'Сохранить', exact: true }).click();
  await page.goto(`${office.url}/records/deal?section=all_deals&view=0`);
  await page.getByRole('tab', { name: 'По этапам' }).click();
  await expect(page).toHaveURL(/figure=average/);
  await table.getByRole('row', { name: /нояб/ }).getByRole('link').first().click();
  await expect(list.row(page, 'Гараж')).toBeVisible();
  await expect(list.row(page, 'Крыша')).toHaveCount(0);
  await page.goBack();
  await expect(table).toBeVisible();
});

test('a pivot table is exported as it stands on the page', async ({ page }) => {
  await office.post('/records/deal', { values: { title: 'Навес', stage: 'won', budget: { amount: 1_250_050, currency: 'UAH' } } });
  await office.enter(page, `/records/deal?section=all_deals&look=pivot&rows=stage&by=none&sum=budget&filter=${encodeURIComponent('title = "Навес"')}`);
  const table = page.getByRole('table', { name: 'Сводная таблица: Сделки' });
  await expect(table.getByRole('row').last()).toContainText(/12\s500,5/);
  await page.getByRole('button', { name: 'Выгрузить таблицу' }).click();
  const dialog = page.getByRole('dialog', { name: 'Выгрузка сводной таблицы' });
  await expect(dialog).toContainText('Записей в ней: 1');
  await expect(dialog.getByLabel('Формат').getByRole('option')).toHaveCount(2);
  await dialog.getByLabel('Формат').selectOption('csv');
  await dialog.getByRole('button', { name: 'Выгрузить' }).click();
  await page.getByRole('button', { name: /Работы/ }).first().click();
  const download = page.waitForEvent('download');
  await page.getByRole('link', { name: /Скачать/ }).first().click();
  const file = await download;
  expect(file.suggestedFilename()).toMatch(/^Сделки, сводная таблица \d{4}-\d{2}-\d{2}\.csv$/);
  const text = (await readFile(await file.path(), 'utf8')).replace('\uFEFF', '').trim().split('\r\n');
  expect(text).toEqual(['Этап,"Итого, UAH"', 'Выиграна,12500.5', 'Итого,12500.5']);
});
