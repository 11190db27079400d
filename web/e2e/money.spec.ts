/** Several currencies in one list: what has a rate is added up, what has none is named, and its rate is entered from there. */
import { Office } from './support/office';
import { field, list, toast } from './support/screens';
import { expect, test } from './support/test';

const office = Office.forThisFile();
const LIST = '/records/contact?columns=name,potential';

test('a total names what has no rate, and the rate is entered from there', async ({ page }) => {
  await office.createCompany('ТОВ «Гривня»', { potential: { amount: 100_050, currency: 'UAH' } });
  await office.createCompany('ТОВ «Долар»', { potential: { amount: 30_001, currency: 'USD' } });
  await office.createCompany('ТОВ «Тенге»', { potential: { amount: 1_000_000, currency: 'KZT' } });
  await office.enter(page, LIST);
  const totals = page.getByRole('status').filter({ hasText: 'Потенциал' });
  await expect(totals).toContainText(/1\s000,50/);
  await expect(totals).toContainText(/1 сумма в KZT не посчитана: нет курса на/);
  await expect(totals).toContainText('А также в USD');

  await totals.getByRole('button', { name: 'Ввести курс' }).click();
  const dialog = page.getByRole('dialog', { name: 'Курс KZT' });
  await expect(field(dialog, 'Стоит в UAH')).toBeFocused();
  await field(dialog, 'Сколько KZT').fill('100');
  await field(dialog, 'Стоит в UAH').fill('8,05');
  await page.keyboard.press('Enter');
  await expect(toast(page, 'Курс KZT сохранён')).toBeVisible();
  await expect(totals).toContainText(/1\s805,50/);
  await expect(totals).toContainText(/1 сумма в USD не посчитана/);

  await totals.getByRole('button', { name: /Потенциал по валютам|805,50/ }).click();
  const lines = page.getByRole('dialog', { name: 'Потенциал по валютам' });
  await expect(lines.getByRole('row', { name: /KZT/ })).toContainText(/10\s000/);
  await expect(lines).toContainText('По курсам на сегодня');
});

test('the rates of a day are typed line by line', async ({ page }) => {
  await office.enter(page, '/settings/money');
  const euro = page.getByRole('textbox', { name: 'Новый курс EUR в UAH' });
  await page.getByRole('textbox', { name: 'Новый курс PLN в UAH' }).fill('11,2');
  await page.keyboard.press('Enter');
  await expect(euro).toBeFocused();
  await euro.fill('48,1234');
  await page.keyboard.press('Enter');
  await page.getByRole('textbox', { name: 'Новый курс USD в UAH' }).fill('41,2537');
  await page.keyboard.press('Enter');
  await expect(toast(page, 'Сохранено 3 курса на')).toBeVisible();
  await expect(page.getByRole('table', { name: 'Курсы на день' }).getByRole('row', { name: /USD/ })).toContainText('41,2537');
  await expect(page.getByRole('table', { name: 'Последние курсы' }).getByRole('row', { name: /EUR/ })).toContainText('48,1234 UAH');

  await page.goto(office.url + LIST);
  // 1000.50 + 300.01 × 41.2537 + 10 000 × 0.0805
  await expect(page.getByRole('status').filter({ hasText: 'Потенциал' })).toContainText(/14\s182,02/);
});

test('a currency out of use is not offered, and one without decimals keeps none', async ({ page }) => {
  await office.enter(page, '/settings/money');
  await page.getByRole('button', { name: 'Действия с BYN' }).click();
  await page.getByRole('menuitem', { name: 'Больше не использовать' }).click();
  await expect(page.getByRole('button', { name: 'Снова использовать BYN' })).toBeVisible();
  await page.getByRole('button', { name: 'Добавить валюту' }).click();
  await page.getByRole('combobox', { name: 'Валюта' }).selectOption('JPY');
  await page.getByRole('button', { name: 'Добавить', exact: true }).click();
  await expect(toast(page, 'JPY используется')).toBeVisible();

  const firm = await office.createCompany('ТОВ «Єна»');
  await office.enter(page, `/records/contact/${firm.id}`);
  await page.getByRole('button', { name: /Показать \d+ пуст/ }).click();
  await page.getByRole('button', { name: 'Изменить: Потенциал', exact: true }).click();
  const currency = page.getByRole('combobox', { name: 'Валюта' }).last();
  await expect(currency.getByRole('option', { name: 'BYN' })).toHaveCount(0);
  await currency.selectOption('JPY');
  await page.getByRole('textbox', { name: 'Потенциал', exact: true }).fill('1250');
  await page.keyboard.press('Enter');
  await expect(toast(page, 'Сохранено: Потенциал')).toBeVisible();
  const { values } = await office.get<{ values: Record<string, unknown> }>(`/records/contact/${firm.id}`);
  expect(values.potential).toEqual({ amount: 1250, currency: 'JPY' });

  // A filter asks for units, whatever the currency.
  await page.goto(`${office.url}${LIST}&filter=${encodeURIComponent('potential = 1250')}`);
  await expect(list.row(page, 'ТОВ «Єна»')).toBeVisible();
});

test.describe('far from home', () => {
  test.use({ timezoneId: 'Pacific/Kiritimati' });

  test('the rates are those of the day of the reader, not of his device', async ({ page }) => {
    const traveller = await office.createUser('administrator', 'Марко Далекий', 'marko');
    await office.enter(page, '/settings/money', traveller);
    // 25 hours lie between the two, so that it is never the same day.
    const zone = 'Pacific/Pago_Pago';
    const changed = await page.request.patch(`${office.url}/api/v1/session`, { data: { time_zone: zone } });
    expect(changed.ok(), await changed.text()).toBe(true);
    await page.reload();
    const today = new Intl.DateTimeFormat('ru-RU', { timeZone: zone, day: '2-digit', month: '2-digit', year: 'numeric' }).format(new Date());
    await expect(page.locator('#rates-day')).toHaveValue(today);
  });
});
