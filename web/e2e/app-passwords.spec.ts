/** A phone gets the contacts and, where its owner allows it, changes them: a password is made in the profile, opens the address book and nothing else, and is taken back. */
import type { APIRequestContext } from '@playwright/test';
import { Office, phone } from './support/office';
import { toast } from './support/screens';
import { expect, test } from './support/test';

const office = Office.forThisFile();

async function readBook(request: APIRequestContext, login: string, password: string): Promise<{ status: number; text: string }> {
  const answer = await request.fetch(`${office.url}/dav/books/contacts/`, {
    method: 'PROPFIND',
    headers: { Authorization: `Basic ${Buffer.from(`${login}:${password}`).toString('base64')}`, Depth: '1' },
  });
  return { status: answer.status(), text: await answer.text() };
}

test('a password for a phone is made, opens the address book, and is taken back', async ({ page, request }) => {
  const person = await office.createPerson('Дзвінко', { channels: [phone('+380 44 123 45 67')] });
  await office.enter(page, '/settings/profile');
  const section = page.getByRole('region', { name: 'Пароли приложений' });
  await section.getByRole('button', { name: 'Добавить устройство' }).click();

  const dialog = page.getByRole('dialog', { name: 'Новый пароль приложения' });
  await expect(dialog.getByRole('textbox', { name: 'Устройство или программа' })).toBeFocused();
  await dialog.getByRole('button', { name: 'Создать пароль' }).click();
  await expect(dialog.getByRole('alert')).toBeVisible();
  await dialog.getByRole('textbox', { name: 'Устройство или программа' }).fill('iPhone Олены');
  await expect(dialog.getByRole('combobox', { name: 'Контакты' })).toHaveValue('own');
  await dialog.getByRole('button', { name: 'Создать пароль' }).click();

  const answer = page.getByRole('dialog', { name: 'Пароль для устройства «iPhone Олены»' });
  const password = await answer.getByRole('textbox', { name: 'Пароль', exact: true }).inputValue();
  const login = await answer.getByRole('textbox', { name: 'Имя пользователя' }).inputValue();
  await expect(answer.getByRole('textbox', { name: 'Сервер' })).toHaveValue(office.url);
  await answer.getByRole('button', { name: 'Готово' }).click();
  await expect(section.getByText('iPhone Олены')).toBeVisible();
  await expect(section).toContainText('ещё не использовался');
  await expect(page.getByText(password)).toBeHidden();

  const book = await readBook(request, login, password);
  expect(book.status).toBe(207);
  expect(book.text).toContain(`/dav/books/contacts/${person.id}.vcf`);
  await page.reload();
  await expect(section).toContainText('последнее обращение');

  await section.getByRole('button', { name: 'Отозвать: iPhone Олены' }).click();
  await expect(toast(page, 'Пароль отозван: iPhone Олены')).toBeVisible();
  await expect(section.getByText('iPhone Олены')).toBeHidden();
  expect((await readBook(request, login, password)).status).toBe(401);
});

test('a phone writes into a group, and the list says what it gets', async ({ page, request }) => {
  const group = await office.post<{ record: { id: number } }>('/records/group', { values: { name: 'Дилеры' } });
  await office.enter(page, '/settings/profile');
  const section = page.getByRole('region', { name: 'Пароли приложений' });
  await section.getByRole('button', { name: 'Добавить устройство' }).click();
  const dialog = page.getByRole('dialog', { name: 'Новый пароль приложения' });
  await dialog.getByRole('textbox', { name: 'Устройство или программа' }).fill('Телефон дилеров');
  await dialog.getByRole('combobox', { name: 'Контакты' }).selectOption({ label: 'Дилеры' });
  const writes = dialog.getByRole('checkbox', { name: 'Устройство может изменять контакты' });
  await expect(writes).not.toBeChecked();
  await writes.check();
  await dialog.getByRole('button', { name: 'Создать пароль' }).click();
  const answer = page.getByRole('dialog', { name: 'Пароль для устройства «Телефон дилеров»' });
  const password = await answer.getByRole('textbox', { name: 'Пароль', exact: true }).inputValue();
  const login = await answer.getByRole('textbox', { name: 'Имя пользователя' }).inputValue();
  await answer.getByRole('button', { name: 'Готово' }).click();
  const row = section.getByRole('listitem').filter({ hasText: 'Телефон дилеров' });
  await expect(row).toContainText('Группа: Дилеры · изменяет контакты');

  const made = await request.fetch(`${office.url}/dav/books/contacts/a-1.vcf`, {
    method: 'PUT',
    headers: {
      Authorization: `Basic ${Buffer.from(`${login}:${password}`).toString('base64')}`,
      'Content-Type': 'text/vcard',
      'If-None-Match': '*',
    },
    data: 'BEGIN:VCARD\r\nVERSION:3.0\r\nUID:a-1\r\nN:Дилеренко;Ірина\r\nFN:Ірина Дилеренко\r\nTEL:+380501112233\r\nEND:VCARD\r\n',
  });
  expect(made.status()).toBe(201);
  await page.goto(`${office.url}/records/contact?filter=groups%20has%20(${group.record.id})`);
  await page.getByRole('link', { name: 'Дилеренко Ірина' }).first().click();
  await page.getByRole('tab', { name: 'История' }).click();
  await expect(page.getByRole('main')).toContainText('с телефона · Телефон дилеров');

  await office.deleteRecord('group', group.record.id);
  await page.goto(`${office.url}/settings/profile`);
  await expect(row).toContainText('Группа удалена: контактов на устройстве нет');
  expect((await readBook(request, login, password)).text).not.toContain('.vcf');
});

test('an employee gets his own contacts and is not asked', async ({ page }) => {
  const employee = await office.createUser('employee', 'Ігор Лис', 'igor');
  await office.enter(page, '/settings/profile', employee);
  await page.getByRole('region', { name: 'Пароли приложений' }).getByRole('button', { name: 'Добавить устройство' }).click();
  const dialog = page.getByRole('dialog', { name: 'Новый пароль приложения' });
  await expect(dialog.getByText('за которые вы отвечаете')).toBeVisible();
  await expect(dialog.getByRole('combobox', { name: 'Контакты' })).toBeHidden();
});
