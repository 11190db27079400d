/** What is written without a connection is kept, shown, and sent when it is back; what somebody else changed meanwhile is decided by its writer. */
import { expectAccessible } from './support/accessible';
import { Office } from './support/office';
import { card, field, toast } from './support/screens';
import { expect, test } from './support/test';

const office = Office.forThisFile();

async function valueOf(id: number, name: string): Promise<unknown> {
  return (await office.get<{ values: Record<string, unknown> }>(`/records/contact/${id}`)).values[name];
}

test('a field, a task and a new card wait for the connection and arrive', async ({ page, context }) => {
  const person = await office.createPerson('Дорожній', { position: 'бухгалтер' });
  await office.enter(page, `/records/contact/${person.id}`);
  await expect(page.getByRole('heading', { name: 'Дорожній' })).toBeVisible();
  await page.waitForLoadState('networkidle');
  await context.setOffline(true);
  await card.edit(page, 'Должность').click();
  await page.getByRole('textbox', { name: 'Должность' }).fill('директор');
  await page.keyboard.press('Enter');
  await expect(toast(page, 'Нет связи. Сохранено на этом устройстве')).toBeVisible();
  await expect(page.getByText('директор').first()).toBeVisible();
  const entry = page.getByLabel('Новая запись: задача');
  await entry.fill('Передзвонити з дороги');
  await entry.press('Enter');
  await expect(entry).toHaveValue('');
  const bar = page.getByRole('button', { name: /2 изменения ждут связи/ });
  await bar.click();
  const dialog = page.getByRole('dialog', { name: 'Ещё не отправлено' });
  await expect(dialog).toContainText('Передзвонити з дороги');
  await expect(dialog).toContainText('директор');
  await expectAccessible(page, 'what is not sent');
  await page.keyboard.press('Escape');
  expect(await valueOf(person.id, 'position')).toBe('бухгалтер');

  await context.setOffline(false);
  await expect(toast(page, 'Отправлены 2 записи.')).toBeVisible();
  await expect(bar).toBeHidden();
  expect(await valueOf(person.id, 'position')).toBe('директор');
  await expect(card.related(page).getByRole('list', { name: 'Задачи' }).getByRole('listitem').filter({ hasText: 'Передзвонити з дороги' })).toHaveCount(1);
});

test('a new card is kept, also over a reload', async ({ page, context }) => {
  await office.enter(page, '/records/contact?section=clients');
  await page.getByRole('link', { name: 'Контакт', exact: true }).click();
  await field(page, 'Фамилия').fill('Безмережний');
  await page.waitForLoadState('networkidle');
  await context.setOffline(true);
  await page.getByRole('button', { name: 'Сохранить', exact: true }).click();
  await expect(page.getByRole('button', { name: /1 изменение ждёт связи/ })).toBeVisible();
  await context.setOffline(false);
  await page.goto(`${office.url}/records/contact?section=clients`);
  await expect(page.getByRole('grid').getByRole('link', { name: 'Безмережний' })).toHaveCount(1);
});

test('what somebody else has changed meanwhile is decided by its writer', async ({ page, context }) => {
  const person = await office.createPerson('Спірний', { position: 'бухгалтер' });
  await office.enter(page, `/records/contact/${person.id}`);
  await expect(page.getByRole('heading', { name: 'Спірний' })).toBeVisible();
  await page.waitForLoadState('networkidle');
  await context.setOffline(true);
  await card.edit(page, 'Должность').click();
  await page.getByRole('textbox', { name: 'Должность' }).fill('директор');
  await page.keyboard.press('Enter');
  await expect(page.getByRole('button', { name: /1 изменение ждёт связи/ })).toBeVisible();
  await office.changeContact(person.id, { position: 'юрист' });
  await context.setOffline(false);
  await page.getByRole('button', { name: /1 изменение не принято/ }).click();
  const dialog = page.getByRole('dialog', { name: 'Ещё не отправлено' });
  await expect(dialog).toContainText('Тем временем там стоит: юрист');
  await dialog.getByRole('button', { name: 'Оставить моё' }).click();
  await expect(dialog).toBeHidden();
  await expect.poll(() => valueOf(person.id, 'position')).toBe('директор');
});
