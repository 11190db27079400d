/** Work schedules: made, given, told of in time; who is shut out loses nothing that he typed. */
import type { Page } from '@playwright/test';
import { expectAccessible } from './support/accessible';
import { Office, type Person, type StoredRecord } from './support/office';
import { card, field, toast } from './support/screens';
import { expect, test } from './support/test';

const office = Office.forThisFile();

/** A time of the wall clock in Kyiv, so many minutes from now. */
function clock(minutes: number): string {
  return new Date(Date.now() + minutes * 60_000).toLocaleTimeString('en-GB', { timeZone: 'Europe/Kyiv', hour: '2-digit', minute: '2-digit' });
}

/** The same hours on every day. */
function daily(from: string, to: string): string {
  return JSON.stringify({ kind: 'week', days: Array.from({ length: 7 }, () => [{ from, to }]) });
}

async function logIn(page: Page, person: Person): Promise<void> {
  await page.getByLabel('Логин').fill(person.login);
  await page.getByLabel('Пароль').fill(person.password);
  await page.getByRole('button', { name: 'Войти', exact: true }).click();
}

test('a schedule is made, given to somebody and read in his profile', async ({ page, otherPage }) => {
  const person = await office.createUser('employee', 'Тарас Сова', 'taras');
  await office.enter(page, '/settings/schedules');
  await page.getByRole('button', { name: 'Новый график' }).first().click();
  const dialog = page.getByRole('dialog', { name: 'Новый график' });
  await dialog.getByLabel('Название').fill('Смены');
  await dialog.getByText('Сменами').click();
  await expect(dialog.getByRole('listitem')).toHaveCount(4);
  await dialog.getByText('По неделям').click();
  await dialog.getByRole('checkbox', { name: 'суббота' }).press('Space');
  await dialog.getByLabel('суббота: до', { exact: true }).fill('15:00');
  await expect(dialog.getByText('51 ч в неделю')).toBeVisible();
  await expectAccessible(page, 'a schedule');
  await dialog.getByRole('button', { name: 'Создать график' }).click();
  await expect(toast(page, 'График создан: Смены')).toBeVisible();
  await expect(page.getByRole('row').filter({ hasText: 'Смены' })).toContainText('09:00–15:00');

  await page.getByRole('tab', { name: 'Праздники' }).click();
  await page.getByRole('button', { name: 'Новый праздник' }).click();
  const holiday = page.getByRole('dialog', { name: 'Новый праздник' });
  await holiday.getByLabel('Название').fill('Рождество');
  await holiday.getByLabel('Дата').fill('2026-12-25');
  await holiday.getByText('Каждый год').click();
  await holiday.getByRole('button', { name: 'Сохранить' }).click();
  await expect(page.getByRole('row').filter({ hasText: 'Рождество' })).toContainText('Выходной');
  await expectAccessible(page, 'holidays');

  await page.goto(`${office.url}/settings/users`);
  await page.getByRole('row').filter({ hasText: 'Тарас Сова' }).getByRole('button', { name: /действия/ }).click();
  await page.getByRole('menuitem', { name: 'Рабочее время…' }).click();
  const hours = page.getByRole('dialog', { name: 'Рабочее время: Тарас Сова' });
  await hours.getByLabel('Рабочий график').selectOption('Смены');
  await hours.getByRole('button', { name: 'Отпуск, дежурство, другие часы' }).click();
  await hours.getByLabel('Почему').fill('Отпуск');
  await expectAccessible(page, 'working hours');
  await hours.getByRole('button', { name: 'Сохранить' }).click();
  await expect(toast(page, 'Рабочее время сохранено: Тарас Сова')).toBeVisible();

  // Today is his leave; an administrator lets him in, and he reads his hours in the profile.
  await otherPage.goto(`${office.url}/login`);
  await logIn(otherPage, person);
  await expect(otherPage.getByText('Сейчас не ваше рабочее время. Войти можно с')).toBeVisible();
  await page.goto(`${office.url}/settings/schedules?user=${person.id}`);
  await hours.getByLabel('На сколько').selectOption('480');
  await hours.getByLabel('Почему').last().fill('Сдать отчёт');
  await hours.getByRole('button', { name: 'Впустить' }).click();
  await expect(hours.getByText('Доступ открыт до')).toBeVisible();
  await logIn(otherPage, person);
  await expect(otherPage.getByRole('navigation', { name: 'Разделы' })).toBeVisible();
  await otherPage.goto(`${office.url}/settings/profile`);
  const own = otherPage.getByRole('region', { name: 'Моё рабочее время' });
  await expect(own).toContainText('Смены');
  await expect(own).toContainText('Отпуск');
});

test('the end is told in time, and what was typed is there after the next login', async ({ page }) => {
  const person = await office.createUser('employee', 'Оксана Рись', 'oksana');
  const contact = await office.createPerson('Недописаний', { managers: [person.id], position: 'Архивариус' });
  const hours = daily(clock(-60), clock(10));
  const { record } = await office.post<{ record: StoredRecord }>('/records/schedule', { values: { name: 'До вечора', hours } });
  await office.patch(`/records/user/${person.id}`, { values: { schedule: record.id } });
  await office.enter(page, `/records/contact/${contact.id}`, person);
  await expect(page.getByText(/Ваше рабочее время закончится через (9|10) минут/)).toBeVisible();
  await card.edit(page, 'Должность').click();
  await field(card.about(page), 'Должность').fill('Старший архивариус');

  // The hours end earlier than they were meant to: nothing is lost.
  await office.patch(`/records/schedule/${record.id}`, { values: { hours: daily(clock(-60), clock(-2)) } });
  await expect(page).toHaveURL(/\/login/);
  await logIn(page, person);
  await expect(page.getByText('Сейчас не ваше рабочее время. Войти можно с')).toBeVisible();
  await expectAccessible(page, 'a login outside of the hours');

  await office.post(`/users/${person.id}/admission`, { until: new Date(Date.now() + 3_600_000).toISOString(), reason: 'Дописати' });
  await logIn(page, person);
  const kept = page.getByText('Набрано до конца сеанса и не сохранено:');
  await expect(kept).toBeVisible();
  await expect(page).toHaveURL(new RegExp(`/records/contact/${contact.id}`));
  await card.edit(page, 'Должность').click();
  await expect(field(card.about(page), 'Должность')).toHaveValue('Старший архивариус');
  await field(card.about(page), 'Должность').press('Enter');
  await expect(toast(page, 'Сохранено: Должность')).toBeVisible();
  await expect(kept).toBeHidden();
});

test('a dialog holds again what was typed into it', async ({ page, otherPage }) => {
  const person = await office.createUser('employee', 'Ганна Лось', 'hanna');
  await office.enter(page, '/records/contact?section=clients', person);
  await page.getByRole('button', { name: 'Сохранить как вид', exact: true }).click();
  const dialog = page.getByRole('dialog', { name: 'Сохранить как вид' });
  await field(dialog, 'Название').fill('Мої найкращі');
  const sessions = await office.get<{ items: { id: number }[] }>(`/users/${person.id}/sessions`);
  expect(sessions.items).toHaveLength(1);
  await office.enter(otherPage, '/settings/users');
  await otherPage.request.delete(`${office.url}/api/v1/users/${person.id}/sessions`);
  await expect(page).toHaveURL(/\/login/);
  await logIn(page, person);
  await expect(page.getByText('Набрано до конца сеанса и не сохранено:')).toBeVisible();
  await page.getByRole('button', { name: 'Сохранить как вид', exact: true }).click();
  await expect(page.getByText('Здесь то, что вы набрали до конца сеанса.')).toBeVisible();
  await expect(field(dialog, 'Название')).toHaveValue('Мої найкращі');
  await dialog.getByRole('button', { name: 'Начать заново' }).click();
  await expect(field(dialog, 'Название')).toHaveValue('');
});
