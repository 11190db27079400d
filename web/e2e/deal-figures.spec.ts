/** Deals in figures: the forecast below the list and in the columns of the board, and counters by person that open their lists. */
import { expectAccessible } from './support/accessible';
import { Office } from './support/office';
import { list } from './support/screens';
import { expect, test } from './support/test';

const office = Office.forThisFile();

test.beforeAll(async () => {
  const deal = (values: object): Promise<unknown> => office.post('/records/deal', { values });
  const uah = (amount: number): object => ({ amount, currency: 'UAH' });
  await deal({ title: 'Крыша склада', stage: 'proposal', budget: uah(25_000_000) });
  await deal({ title: 'Ворота', stage: 'proposal', budget: uah(4_000_000) });
  await deal({ title: 'Забор', stage: 'won', budget: uah(1_000_000) });
  await deal({ title: 'Навес', stage: 'won', budget: uah(2_000_000) });
  await deal({ title: 'Гараж', stage: 'lost', lost_reason: 'price', budget: uah(500_000) });
});

test('a list and its board say what is to be expected', async ({ page }) => {
  await office.enter(page, '/records/deal?section=my_deals');
  // 75 % of 290 000.
  await expect(page.getByText(/217\s500\s₴ с учётом вероятности/)).toBeVisible();
  await page.goto(`${office.url}/records/deal?section=my_deals&look=board`);
  const column = page.getByRole('region', { name: 'Предложение', exact: true });
  await expect(column).toContainText(/290\s000/);
  await expect(column).toContainText(/217\s500\s₴ с учётом вероятности/);
});

test('each person has counters, and a number opens its list', async ({ page }) => {
  await office.enter(page, '/records/deal?section=all_deals');
  await page.getByRole('button', { name: 'По сотрудникам' }).click();
  const dialog = page.getByRole('dialog', { name: 'Сделки в цифрах' });
  const row = dialog.getByRole('row').nth(1);
  const cells = row.getByRole('cell');
  await expect(cells.nth(1)).toContainText('5');
  await expect(cells.nth(3)).toContainText(/2.*290\s000.*217\s500/);
  await expect(cells.nth(4)).toContainText(/2.*30\s000/);
  await expect(cells.nth(5)).toContainText(/1.*5\s000/);
  await expect(cells.nth(6)).toContainText(/15\s000/);
  await expectAccessible(page, 'deals in figures');
  await cells.nth(4).getByRole('link').click();
  await expect(list.row(page, 'Навес')).toBeVisible();
  await expect(list.row(page, 'Ворота')).toHaveCount(0);
});

test('the period is a past one, or from one day to another, and stays in the address', async ({ page }) => {
  await office.enter(page, '/records/deal?section=all_deals');
  await page.getByRole('button', { name: 'По сотрудникам' }).click();
  const dialog = page.getByRole('dialog', { name: 'Сделки в цифрах' });
  const cells = dialog.getByRole('row').nth(1).getByRole('cell');
  await expect(cells.nth(4)).toContainText('2');
  await dialog.getByText('Прошлый месяц', { exact: true }).click();
  await expect(page).toHaveURL(/figures=last_month/);
  await expect(cells.nth(1)).toHaveText('0');
  await expect(cells.nth(4)).toHaveText('0');
  // Days of one's own begin with those of the period before.
  await dialog.getByText('Свой период', { exact: true }).click();
  await expect(page).toHaveURL(/figures=\d{4}-\d\d-01\.\.\d{4}-\d\d-(28|29|30|31)/);
  await dialog.getByLabel('по', { exact: true }).fill('31.12.2099');
  await expect(page).toHaveURL(/\.\.2099-12-31/);
  await expect(cells.nth(4)).toContainText(/2.*30\s000/);
  await page.reload();
  await expect(cells.nth(4)).toContainText(/2.*30\s000/);
  await dialog.getByLabel('С', { exact: true }).fill('01.01.2100');
  await expect(dialog.getByRole('alert')).toHaveText('Первый день позже последнего.');
  await dialog.getByLabel('С', { exact: true }).fill('');
  await expectAccessible(page, 'a period of one’s own');
  await cells.nth(4).getByRole('link').click();
  await expect(list.row(page, 'Навес')).toBeVisible();
  await expect(dialog).toBeHidden();
  await page.goBack();
  await expect(cells.nth(4)).toContainText('2');
});
