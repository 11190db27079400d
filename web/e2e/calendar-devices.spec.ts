/** The own calendar in other programs: a device that reads and writes, a secret address that is only read, and how both are taken back. */
import type { APIRequestContext } from '@playwright/test';
import { Office } from './support/office';
import { toast } from './support/screens';
import { expect, test } from './support/test';

const office = Office.forThisFile();
const EVENTS = '/dav/calendars/events/';

function authorization(login: string, password: string): string {
  return `Basic ${Buffer.from(`${login}:${password}`).toString('base64')}`;
}

async function readCalendar(request: APIRequestContext, login: string, password: string): Promise<{ status: number; text: string }> {
  const headers = { Authorization: authorization(login, password), Depth: '1' };
  const answer = await request.fetch(`${office.url}${EVENTS}`, { method: 'PROPFIND', headers });
  return { status: answer.status(), text: await answer.text() };
}

test('a device for events and tasks is connected, writes an event, and is taken back', async ({ page, request }) => {
  const made = await office.post<{ record: { id: number } }>('/records/event', { values: { title: 'Нарада', starts_at: '2027-03-01T08:00:00Z' } });
  await office.enter(page, '/settings/profile');
  const section = page.getByRole('region', { name: 'Календарь в других программах' });
  await section.getByRole('button', { name: 'Подключить устройство' }).click();
  const dialog = page.getByRole('dialog', { name: 'Устройство для мероприятий и задач' });
  await expect(dialog.getByRole('combobox', { name: 'Контакты' })).toBeHidden();
  await dialog.getByRole('textbox', { name: 'Устройство или программа' }).fill('iPhone Олены');
  const writes = dialog.getByRole('checkbox', { name: 'Устройство может изменять мероприятия и задачи' });
  await expect(writes).not.toBeChecked();
  await writes.check();
  await dialog.getByRole('button', { name: 'Создать пароль' }).click();

  const answer = page.getByRole('dialog', { name: 'Пароль для устройства «iPhone Олены»' });
  await expect(answer).toContainText('CalDAV');
  await expect(answer.getByRole('textbox', { name: 'Сервер' })).toHaveValue(office.url);
  const password = await answer.getByRole('textbox', { name: 'Пароль', exact: true }).inputValue();
  const login = await answer.getByRole('textbox', { name: 'Имя пользователя' }).inputValue();
  await answer.getByRole('button', { name: 'Готово' }).click();
  const row = section.getByRole('listitem').filter({ hasText: 'iPhone Олены' });
  await expect(row).toContainText('изменяет мероприятия и задачи');
  await expect(page.getByRole('region', { name: 'Пароли приложений' })).not.toContainText('iPhone Олены');

  const calendar = await readCalendar(request, login, password);
  expect(calendar.status).toBe(207);
  expect(calendar.text).toContain(`${EVENTS}${made.record.id}.ics`);
  const event = 'BEGIN:VEVENT\r\nUID:a-1\r\nDTSTAMP:20270101T000000Z\r\nDTSTART:20270302T080000Z\r\nSUMMARY:З телефону\r\nEND:VEVENT\r\n';
  const written = await request.fetch(`${office.url}${EVENTS}a-1.ics`, {
    method: 'PUT',
    headers: { Authorization: authorization(login, password), 'Content-Type': 'text/calendar', 'If-None-Match': '*' },
    data: `BEGIN:VCALENDAR\r\nVERSION:2.0\r\n${event}END:VCALENDAR\r\n`,
  });
  expect(written.status()).toBe(201);
  await page.reload();
  await expect(row).toContainText('последнее обращение');
  await page.goto(`${office.url}/records/event`);
  await expect(page.getByText('З телефону').first()).toBeVisible();

  await page.goto(`${office.url}/settings/profile`);
  await section.getByRole('button', { name: 'Отозвать: iPhone Олены' }).click();
  await expect(toast(page, 'Пароль отозван: iPhone Олены')).toBeVisible();
  await expect(row).toBeHidden();
  expect((await readCalendar(request, login, password)).status).toBe(401);
});

test('a secret address is made, read without a password, and taken back', async ({ page, request }) => {
  await office.post('/records/event', { values: { title: 'Зустріч за адресою', starts_at: new Date().toISOString() } });
  await office.enter(page, '/settings/profile');
  const section = page.getByRole('region', { name: 'Календарь в других программах' });
  const addresses = section.getByRole('group', { name: 'Адрес только для чтения' });
  await addresses.getByRole('button', { name: 'Создать адрес' }).click();
  const dialog = page.getByRole('dialog', { name: 'Адрес вашего календаря' });
  const address = await dialog.getByRole('textbox', { name: 'Адрес' }).inputValue();
  expect(address).toMatch(new RegExp(`^${office.url}/calendar/[a-z0-9-]+\\.ics$`));
  await dialog.getByRole('button', { name: 'Готово' }).click();
  await expect(addresses.getByText('Календарь 1')).toBeVisible();
  await expect(page.getByText(address)).toBeHidden();
  const file = await request.get(address);
  expect(await file.text()).toContain('SUMMARY:Зустріч за адресою');
  await addresses.getByRole('button', { name: 'Отозвать: Календарь 1' }).click();
  await expect(toast(page, 'Отозвано: Календарь 1')).toBeVisible();
  expect((await request.get(address)).status()).toBe(404);
});
