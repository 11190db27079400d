/** Products and taxes: a tax in the settings, a product with it in its own section. */
import { Office } from './support/office';
import { field, list, toast } from './support/screens';
import { expect, test } from './support/test';

const office = Office.forThisFile();

test('a tax is made and a product with it', async ({ page }) => {
  await office.enter(page, '/settings/money');
  await page.getByRole('button', { name: 'Добавить налог' }).click();
  const dialog = page.getByRole('dialog', { name: 'Новый налог' });
  await field(dialog, 'Название').fill('НДС');
  await field(dialog, 'Процент').fill('20,5');
  await dialog.getByText('Налог уже включён в цену').click();
  await dialog.getByRole('button', { name: 'Сохранить' }).click();
  await expect(toast(page, 'Налог НДС сохранён')).toBeVisible();
  await expect(page.getByRole('table', { name: 'Налоги' }).getByRole('row', { name: /НДС/ })).toContainText(/20,5.%.*включает налог/);

  await page.getByRole('navigation', { name: 'Разделы' }).getByRole('link', { name: 'Товары и услуги' }).click();
  await page.goto(`${office.url}/records/product/new`);
  await field(page, 'Название').fill('Кофе в зёрнах');
  await field(page, 'Артикул').fill('KF-001');
  await field(page, 'Цена').fill('1250,5');
  await page.getByRole('combobox', { name: 'Налог', exact: true }).fill('НДС');
  await page.getByRole('option', { name: 'НДС' }).click();
  await page.getByRole('button', { name: 'Сохранить', exact: true }).click();
  await expect(page.getByRole('heading', { name: 'Кофе в зёрнах' })).toBeVisible();

  await page.goto(`${office.url}/records/product`);
  await expect(list.row(page, 'Кофе в зёрнах')).toContainText(/1\s250,50/);
  await expect(list.row(page, 'Кофе в зёрнах')).toContainText('KF-001');
});
