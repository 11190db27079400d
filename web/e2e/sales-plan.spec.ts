/** A plan of sales beside what was sold: typed and pasted as in a spreadsheet, taken back, and on the day of who has it. */
import { expectAccessible } from './support/accessible';
import { Office } from './support/office';
import { list, toast } from './support/screens';
import { expect, test } from './support/test';

const office = Office.forThisFile();
const YEAR = new Date().getFullYear();
const MONTH = new Date().getMonth();

test('goals are typed and pasted, and stand beside what was won', async ({ page }) => {
  const seller = await office.createUser('employee', 'Олена Продавчиня', 'seller');
  const deal = (values: object): Promise<unknown> => office.post('/records/deal', { values });
  await deal({ title: 'Крыша', stage: 'won', responsible: seller.id, budget: { amount: 31_000_000, currency: 'UAH' } });
  await deal({ title: 'Забор', stage: 'qualified', responsible: seller.id, expected_close: `${YEAR}-${String(MONTH + 1).padStart(2, '0')}-28`, budget: { amount: 10_000_000, currency: 'UAH' } });
  await office.enter(page, '/records/deal?section=all_deals');
  await page.getByRole('link', { name: 'План продаж' }).click();
  const row = page.getByRole('row', { name: /Олена Продавчиня/ });
  const cell = row.getByRole('gridcell').nth(MONTH);
  await expect(cell).toContainText(/310\s000/);
  await cell.click({ position: { x: 12, y: 8 } });
  await page.keyboard.type('500000');
  await page.keyboard.press('Enter');
  await expect(cell).toContainText(/500\s000/);
  await expect(cell).toContainText('62 %');
  await expect(cell).toContainText('+ 50');
  await expect(toast(page, 'План изменён')).toBeVisible();
  await page.reload();
  await expect(cell).toContainText('62 %');

  // A block of a spreadsheet goes from the active cell on.
  const january = row.getByRole('gridcell').nth(0);
  await january.click({ position: { x: 12, y: 8 } });
  await january.evaluate((element) => {
    const data = new DataTransfer();
    data.setData('text/plain', '100 000\t200 000\t300 000,50');
    element.dispatchEvent(new ClipboardEvent('paste', { clipboardData: data, bubbles: true, cancelable: true }));
  });
  await expect(row.getByRole('gridcell').nth(1)).toContainText(/200\s000/);
  const message = toast(page, 'Изменено ');
  await message.getByRole('button', { name: 'Отменить' }).click();
  await expect(january).not.toContainText(/100\s000/);
  await expectAccessible(page, 'the plan of sales');

  // The fact opens its deals.
  await cell.getByRole('link', { name: /310\s000/ }).click();
  await expect(list.row(page, 'Крыша')).toBeVisible();
  await expect(list.row(page, 'Забор')).toHaveCount(0);

  // Who has the plan reads it, and does not set it.
  await office.enter(page, '/day', seller);
  await expect(page.getByText(/62 % плана месяца: .*310\s000.* из .*500\s000/)).toBeVisible();
  await page.getByText(/62 % плана месяца/).click();
  const own = page.getByRole('row', { name: /Олена Продавчиня/ }).getByRole('gridcell').nth(MONTH);
  await own.click({ position: { x: 12, y: 8 } });
  await page.keyboard.type('1');
  await expect(page.getByText('Этот план ставит руководитель.')).toBeVisible();
  await expect(own).toContainText(/500\s000/);
});

test('Escape gives a typed goal up, and Enter writes it once', async ({ page }) => {
  await office.createUser('employee', 'Павло Одноразовий', 'once');
  await office.enter(page, '/records/deal?section=all_deals');
  await page.getByRole('link', { name: 'План продаж' }).click();
  const cell = page.getByRole('row', { name: /Павло Одноразовий/ }).getByRole('gridcell').nth(MONTH);
  const writes: string[] = [];
  page.on('request', (request) => {
    if (request.url().endsWith('/cells')) writes.push(request.url());
  });
  await cell.click({ position: { x: 12, y: 8 } });
  await page.keyboard.type('777000');
  await page.keyboard.press('Escape');
  await expect(cell.getByRole('textbox')).toHaveCount(0);
  await expect(cell).not.toContainText(/777\s000/);
  expect(writes).toEqual([]);
  await page.keyboard.type('400000');
  await page.keyboard.press('Enter');
  await expect(cell).toContainText(/400\s000/);
  await expect(toast(page, 'План изменён')).toBeVisible();
  expect(writes).toHaveLength(1);
});

test('a pipeline is offered to its teams alone', async ({ page }) => {
  const stranger = await office.createUser('employee', 'Ігор Сторонній', 'stranger');
  const insider = await office.createUser('employee', 'Віра Своя', 'insider');
  await office.post('/records/team', { values: { name: 'Опт', members: [insider.id] } });
  await office.enter(page, '/settings/fields');
  await page.getByRole('tab', { name: 'Сделки', exact: true }).click();
  await page.getByRole('button', { name: 'Поле «Воронка»: действия' }).click();
  await page.getByRole('menuitem', { name: 'Изменить' }).click();
  const dialog = page.getByRole('dialog');
  await dialog.getByRole('button', { name: 'Ещё значение' }).click();
  await dialog.getByRole('textbox', { name: 'Значение 2: Русский' }).fill('Оптовая');
  await dialog.getByRole('button', { name: 'Команды' }).click();
  await dialog.getByRole('group', { name: 'Значение 2, каким командам предлагать' }).getByRole('button', { name: 'Опт' }).click();
  await dialog.getByRole('button', { name: 'Сохранить' }).click();
  await expect(dialog).toBeHidden();
  await office.enter(page, '/records/deal/new?section=all_deals', insider);
  await expect(page.getByLabel('Воронка').locator('option', { hasText: 'Оптовая' })).toHaveCount(1);
  await office.enter(page, '/records/deal/new?section=all_deals', stranger);
  await expect(page.getByLabel('Воронка')).toBeVisible();
  await expect(page.getByLabel('Воронка').locator('option', { hasText: 'Оптовая' })).toHaveCount(0);
});
