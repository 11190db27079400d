/** Another program is told what happens to contacts: a webhook is made, tried, seen failing and sent again, and switched off. */
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { expectAccessible } from './support/accessible';
import { Office } from './support/office';
import { toast } from './support/screens';
import { expect, test } from './support/test';

const office = Office.forThisFile();
let receiver: Server;
let isGone = false;
const received: { id: string; text: string }[] = [];

test.beforeAll(async () => {
  receiver = createServer((request, response) => {
    let text = '';
    request.on('data', (part) => (text += String(part)));
    request.on('end', () => {
      received.push({ id: String(request.headers['webhook-id']), text });
      response.writeHead(isGone ? 410 : 200).end('noted');
    });
  });
  await new Promise<void>((resolve) => receiver.listen(0, '127.0.0.1', resolve));
});

test.afterAll(async () => {
  await new Promise((resolve) => receiver.close(resolve));
});

test('a webhook is made, tried, tells of a contact, and is switched off when its receiver is gone', async ({ page }) => {
  await office.enter(page, '/settings/webhooks');
  await expect(page.getByText('Вебхуков пока нет')).toBeVisible();
  await page.getByRole('button', { name: 'Новый вебхук' }).click();
  const dialog = page.getByRole('dialog', { name: 'Новый вебхук' });
  await dialog.getByRole('button', { name: 'Создать' }).click();
  await expect(dialog.getByRole('alert').first()).toBeVisible();
  await dialog.getByRole('textbox', { name: 'Название' }).fill('Склад');
  await dialog.getByRole('textbox', { name: 'Адрес' }).fill(`http://127.0.0.1:${(receiver.address() as AddressInfo).port}/hook`);
  const contacts = dialog.getByRole('group', { name: 'Контакты' });
  await expect(contacts.getByRole('checkbox', { name: 'создание' })).toBeChecked();
  await contacts.getByRole('checkbox', { name: 'восстановление' }).uncheck();
  await dialog.getByRole('button', { name: 'Создать' }).click();

  const answer = page.getByRole('dialog', { name: 'Секрет вебхука' });
  const secret = await answer.getByRole('textbox', { name: 'Секрет' }).inputValue();
  expect(secret).toMatch(/^whsec_/);
  await answer.getByRole('button', { name: 'Готово' }).click();
  await expect(page.getByText(secret)).toBeHidden();
  await page.getByRole('link', { name: 'Склад' }).click();
  await page.getByRole('button', { name: 'Отправить пробное' }).click();
  await expect(page.getByText('Пробное сообщение дошло: ответ 200')).toBeVisible();

  const contact = await office.createPerson('Вебхуківна');
  const log = page.getByRole('table', { name: 'Доставки' });
  await page.reload();
  const told = log.getByRole('row').filter({ hasText: `Контакт ${contact.id}: создание` });
  await expect(told).toContainText('Доставлено');
  expect(received.at(-1)?.text).toContain('Вебхуківна');
  await expectAccessible(page, 'webhook');
  await told.getByRole('button').click();
  const details = page.getByRole('dialog', { name: `Контакт ${contact.id}: создание` });
  await expect(details.getByText('"contact.created"')).toBeVisible();
  await expect(details.getByText('noted')).toBeVisible();
  await details.getByRole('button', { name: 'Отправить повторно' }).click();
  await expect(toast(page, '1 сообщение отправляется повторно')).toBeVisible();
  await expect.poll(() => received.filter(({ id }) => id === received[1]?.id).length).toBe(2);

  isGone = true;
  await office.createPerson('Запізніла');
  await expect(page.getByText('получатель ответил, что его больше нет (410)')).toBeVisible();
  await page.getByRole('tab', { name: 'Не доставлены' }).click();
  await expect(log.getByRole('row').filter({ hasText: 'ответ 410' })).toBeVisible();
  isGone = false;
  await page.getByRole('button', { name: 'Включить' }).click();
  await page.getByRole('button', { name: 'Повторить недоставленные' }).click();
  await page.getByRole('menuitem', { name: 'За последние сутки' }).click();
  await expect(toast(page, '1 сообщение отправляется повторно')).toBeVisible();
  await expect.poll(() => received.filter(({ text }) => text.includes('Запізніла')).length).toBe(2);

  await page.getByRole('button', { name: 'Другие действия' }).click();
  await page.getByRole('menuitem', { name: 'Удалить', exact: true }).click();
  await page.getByRole('dialog').getByRole('button', { name: 'Удалить' }).click();
  await expect(page.getByText('Вебхуков пока нет')).toBeVisible();
});

test('an employee finds no webhooks', async ({ page }) => {
  const employee = await office.createUser('employee', 'Ігор Лис', 'igor');
  await office.enter(page, '/settings/webhooks', employee);
  await expect(page.getByText('Это настраивает администратор')).toBeVisible();
  await expect(page.getByRole('link', { name: 'Вебхуки' })).toBeHidden();
});
