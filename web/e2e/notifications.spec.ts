/** Notifications: the bell of whom a card is opened to, the way to it, and what one wants to be told of. */
import { expectAccessible } from './support/accessible';
import { Office } from './support/office';
import { expect, test } from './support/test';

const office = Office.forThisFile();
const LIST = '/records/contact?section=clients';

test('who is given a card hears of it at once, and opens it from the bell', async ({ page }) => {
  const reader = await office.createUser('employee', 'Марта Вовк', 'marta');
  await office.enter(page, LIST, reader);
  await page.getByRole('button', { name: 'Уведомления', exact: true }).click();
  const panel = page.getByRole('dialog', { name: 'Уведомления' });
  await expect(panel.getByText('Ничего нового')).toBeVisible();
  await expectAccessible(page, 'no notifications');
  await page.keyboard.press('Escape');

  const first = await office.createPerson('Потаємний', { readers: [reader.id] });
  const second = await office.createPerson('Спільний');
  await office.changeContact(second.id, { editors: [reader.id] });
  await page.getByRole('button', { name: 'Уведомления, новых: 2' }).click();
  const row = (text: string) => panel.getByRole('link').filter({ hasText: text });
  await expect(row('Спільний')).toContainText('Олена Ковальчук разрешает вам менять карточку');
  await expect(panel.getByRole('region', { name: 'сегодня' })).toBeVisible();
  await expectAccessible(page, 'notifications');

  // The keyboard: the newest has the focus, J goes down, Enter opens.
  await expect(row('Спільний')).toBeFocused();
  await page.keyboard.press('j');
  await expect(row('Потаємний')).toBeFocused();
  await page.keyboard.press('Enter');
  await expect(page).toHaveURL(new RegExp(`/records/contact/${first.id}`));
  await expect(page.getByRole('heading', { name: 'Потаємний' })).toBeVisible();
  await page.getByRole('button', { name: 'Уведомления, новых: 1' }).click();
  await panel.getByRole('button', { name: 'Отметить всё прочитанным' }).click();
  await expect(panel.getByRole('img', { name: 'Новое' })).toHaveCount(0);

  // What is not his any more is not there any more.
  await office.changeContact(second.id, { editors: [] });
  await panel.getByRole('link', { name: 'Все уведомления' }).click();
  await expect(page.getByRole('heading', { name: 'Уведомления' })).toBeVisible();
  await expect(page.getByRole('main').getByText('Потаємний')).toBeVisible();
  await expect(page.getByText('Спільний')).toHaveCount(0);
});

test('several cards of one change are one notification that leads to their list', async ({ page }) => {
  const reader = await office.createUser('employee', 'Ганна Ясен', 'hanna');
  const ids: number[] = [];
  for (const name of ['Гуртовий', 'Гуртова', 'Гурток']) ids.push((await office.createPerson(name)).id);
  await office.createPerson('Окремий', { readers: [reader.id] });
  await office.post('/records/contact/bulk', { action: 'update', ids, values: { readers: [reader.id] } });
  await office.enter(page, LIST, reader);
  await page.getByRole('button', { name: 'Уведомления, новых: 2' }).click();
  await page.getByRole('link').filter({ hasText: 'открывает вам для чтения 3 карточки' }).click();
  await expect(page.getByRole('grid').getByRole('link', { name: 'Гурток' })).toBeVisible();
  await expect(page.getByRole('grid').getByRole('link', { name: 'Окремий' })).toHaveCount(0);
});

test('everybody says what he wants to be told of, and where', async ({ page }) => {
  const reader = await office.createUser('employee', 'Левко Сорока', 'levko');
  await office.enter(page, '/settings/profile#notifications', reader);
  const box = page.getByRole('checkbox', { name: 'Мне открыли карточку для чтения: Здесь' });
  await expect(box).toBeChecked();
  await expect(page.getByText('Письма пока не уходят: почта здесь не настроена.')).toBeVisible();
  await expectAccessible(page, 'what one is notified of');
  const saved = page.waitForResponse((response) => response.url().endsWith('/notification-settings') && response.request().method() === 'PATCH');
  await box.uncheck();
  await saved;
  await page.reload();
  await expect(box).not.toBeChecked();
  await office.createPerson('Тихий', { readers: [reader.id] });
  await office.createPerson('Гучний', { editors: [reader.id] });
  await expect(page.getByRole('button', { name: 'Уведомления, новых: 1' })).toBeVisible();
});

test('on a phone the bell leads to a page', async ({ page }) => {
  const reader = await office.createUser('employee', 'Ігор Бук', 'ihor');
  await page.setViewportSize({ width: 390, height: 844 });
  await office.createPerson('Малий', { managers: [reader.id] });
  await office.enter(page, LIST, reader);
  await page.getByRole('link', { name: 'Уведомления, новых: 1' }).click();
  await expect(page).toHaveURL(/\/notifications$/);
  await expectAccessible(page, 'notifications on a phone');
  await page.getByRole('main').getByRole('link').filter({ hasText: 'Малий' }).click();
  await expect(page.getByRole('heading', { name: 'Малий' })).toBeVisible();
});
