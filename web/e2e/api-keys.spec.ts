/** A program gets a key that narrows its owner's rights: it is made, used, listed among everybody's, and taken back. */
import { expectAccessible } from './support/accessible';
import { Office } from './support/office';
import { toast } from './support/screens';
import { expect, test } from './support/test';

const office = Office.forThisFile();

test('a key is made, opens what it was made for and nothing else, and is revoked', async ({ page, request }) => {
  await office.createPerson('Сайтенко');
  await office.enter(page, '/settings/profile');
  await page.getByRole('navigation', { name: 'Настройки' }).getByRole('link', { name: 'Ключи API' }).click();
  await expect(page.getByText('Ключей пока нет')).toBeVisible();
  await page.getByRole('button', { name: 'Новый ключ' }).click();

  const dialog = page.getByRole('dialog', { name: 'Новый ключ API' });
  await expect(dialog.getByRole('textbox', { name: 'Программа' })).toBeFocused();
  await dialog.getByRole('checkbox', { name: 'Все записи' }).uncheck();
  await dialog.getByRole('button', { name: 'Создать ключ' }).click();
  await expect(dialog.getByRole('alert')).toHaveCount(2);
  await dialog.getByRole('textbox', { name: 'Программа' }).fill('Сайт');
  await dialog.getByRole('checkbox', { name: 'Контакты' }).check();
  await expectAccessible(page, 'the dialog of a new key');
  await dialog.getByRole('button', { name: 'Создать ключ' }).click();

  const answer = page.getByRole('dialog', { name: 'Ключ для программы «Сайт»' });
  const key = await answer.getByRole('textbox', { name: 'Ключ', exact: true }).inputValue();
  await expect(answer.getByRole('textbox', { name: 'Попробовать' })).toHaveValue(new RegExp(`curl .*${key}.*${office.url}/api/v1/records/contact`));
  await answer.getByRole('button', { name: 'Готово' }).click();
  await expect(page.getByText(key)).toBeHidden();

  const ask = (path: string) => request.get(`${office.url}/api/v1${path}`, { headers: { Authorization: `Bearer ${key}` } });
  expect((await ask('/records/contact')).status()).toBe(200);
  // Neither a part of the program nor an account is for a key of some records.
  expect((await ask('/audit')).status()).toBe(403);
  const written = await request.post(`${office.url}/api/v1/records/contact`, {
    headers: { Authorization: `Bearer ${key}` },
    data: { values: { kind: 'person', last_name: 'Нет' } },
  });
  expect(written.status()).toBe(403);

  await page.reload();
  await page.getByText('Ключи всех', { exact: true }).click();
  const row = page.getByRole('listitem').filter({ hasText: 'Сайт' });
  await expect(row).toContainText('от имени: Олена Ковальчук · Только читает · Контакты');
  await expect(row).toContainText('2 отказа сегодня');
  await expectAccessible(page, 'the list of keys');

  await row.getByRole('button', { name: 'Отозвать: Сайт' }).click();
  await page.getByRole('dialog', { name: 'Отозвать ключ «Сайт»?' }).getByRole('button', { name: 'Отозвать' }).click();
  await expect(toast(page, 'Ключ отозван: Сайт')).toBeVisible();
  expect((await ask('/records/contact')).status()).toBe(401);
});
