/** Outside of his working hours a colleague does not come in, unless he is let in; what he typed when his hours ended is there again. */
import { expectAccessible } from './support/accessible';
import { Office, type StoredRecord } from './support/office';
import { toast } from './support/screens';
import { expect, test } from './support/test';

const office = Office.forThisFile();

/** One hour of each day that begins so many hours from now, by the clock of UTC. */
function hoursFromNow(hours: number): string {
  const time = (offset: number): string => `${String((new Date().getUTCHours() + offset) % 24).padStart(2, '0')}:00`;
  const day = [{ from: time(hours), to: time(hours + 1) }];
  return JSON.stringify({ kind: 'week', days: Array.from({ length: 7 }, () => day) });
}

test('who has working hours comes in within them or is let in', async ({ page, otherPage }) => {
  const taras = await office.createUser('employee', 'Тарас Кіт', 'taras');
  await office.enter(page, '/settings/schedules');
  await expect(page.getByText('Графиков пока нет')).toBeVisible();
  await page.getByRole('button', { name: 'Новый график' }).first().click();
  const dialog = page.getByRole('dialog', { name: 'Новый график' });
  await dialog.getByRole('textbox', { name: 'Название' }).fill('Офис');
  await expectAccessible(page, 'a new schedule');
  await dialog.getByRole('button', { name: 'Создать график' }).click();
  await expect(toast(page, 'График создан: Офис')).toBeVisible();
  await expectAccessible(page, 'the list of schedules');

  const { items } = await office.get<{ items: StoredRecord[] }>('/records/schedule');
  const schedule = items[0]?.id ?? 0;
  await office.patch(`/records/schedule/${schedule}`, { values: { hours: hoursFromNow(6), time_zone: 'UTC' } });
  await office.patch(`/records/user/${taras.id}`, { values: { schedule } });

  await otherPage.goto(`${office.url}/login`);
  const login = async (): Promise<void> => {
    await otherPage.getByRole('textbox', { name: 'Логин' }).fill(taras.login);
    await otherPage.getByLabel('Пароль', { exact: true }).fill(taras.password);
    await otherPage.getByRole('button', { name: 'Войти', exact: true }).click();
  };
  await login();
  await expect(otherPage.getByRole('alert')).toContainText('Сейчас не ваше рабочее время');

  await page.goto(`${office.url}/settings/schedules?user=${taras.id}`);
  const hours = page.getByRole('dialog', { name: 'Рабочее время: Тарас Кіт' });
  await hours.getByRole('textbox', { name: 'Почему' }).fill('Отчёт');
  await expectAccessible(page, 'the hours of somebody');
  await hours.getByRole('button', { name: 'Впустить' }).click();
  await expect(toast(page, 'Тарас Кіт может работать до')).toBeVisible();

  await login();
  await expect(otherPage.getByRole('link', { name: 'Контакты' }).first()).toBeVisible();
  await otherPage.goto(`${office.url}/settings/profile`);
  await expect(otherPage.getByRole('heading', { name: 'Моё рабочее время' })).toBeVisible();

  await hours.getByRole('button', { name: 'Закрыть сейчас' }).click();
  await expect(otherPage.getByRole('button', { name: 'Войти', exact: true })).toBeVisible();
});
