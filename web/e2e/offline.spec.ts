/** Without a connection: what was opened can be read, and is gone with the session. And what an installed program needs. */
import { expectAccessible } from './support/accessible';
import { Office } from './support/office';
import { expect, test } from './support/test';
import { keptBy, untilControlled } from './support/worker';

test.use({ serviceWorkers: 'allow' });

const office = Office.forThisFile();
const LIST = '/records/contact?section=clients';
const BAR = /^Нет связи\. Показано то, что было: /;

test('an opened card can be read without a connection, and after the logout nothing is kept', async ({ page, context }) => {
  const card = await office.createPerson('Потаємний', { position: 'Архітектор' });
  await office.createPerson('Невідкритий');
  const reader = await office.createUser('supervisor', 'Марта Вовк', 'marta');
  await office.enter(page, LIST, reader);
  await untilControlled(page);
  await page.reload();
  await page.getByRole('grid').getByRole('link', { name: 'Потаємний' }).click();
  await page.goto(`${office.url}/records/contact/${card.id}`);
  await expect(page.getByRole('heading', { name: 'Потаємний' })).toBeVisible();
  await expect(page.getByText('Архітектор').first()).toBeVisible();
  const kept = () => keptBy(context);
  await expect.poll(kept).toEqual([`kept-${reader.id}`]);

  await context.setOffline(true);
  await page.reload();
  await expect(page.getByRole('heading', { name: 'Потаємний' })).toBeVisible();
  await expect(page.getByText('Архітектор').first()).toBeVisible();
  await expect(page.getByText(BAR)).toBeVisible();
  await expectAccessible(page, 'a card without a connection');
  await page.goto(office.url + LIST);
  await expect(page.getByRole('grid').getByRole('link', { name: 'Потаємний' })).toBeVisible();

  await context.setOffline(false);
  await page.reload();
  await expect(page.getByRole('heading', { name: 'Потаємний' }).or(page.getByRole('grid'))).toBeVisible();
  await expect(page.getByText(BAR)).toHaveCount(0);
  await page.getByTitle('Марта Вовк: профиль и выход').click();
  await page.getByRole('menuitem', { name: 'Выйти' }).click();
  await expect(page.getByRole('button', { name: 'Войти', exact: true })).toBeVisible();
  expect(await kept()).toEqual([]);
  await context.setOffline(true);
  await page.goto(`${office.url}/records/contact/${card.id}`);
  await expect(page.getByText('Потаємний')).toHaveCount(0);
  expect(await kept()).toEqual([]);
});

test('a session that is ended elsewhere takes what was kept with it', async ({ page, context }) => {
  const card = await office.createPerson('Тимчасовий');
  const reader = await office.createUser('supervisor', 'Ігор Бук', 'ihor');
  await office.enter(page, `/records/contact/${card.id}`, reader);
  await untilControlled(page);
  await page.reload();
  await expect(page.getByRole('heading', { name: 'Тимчасовий' })).toBeVisible();
  const kept = () => keptBy(context);
  await expect.poll(kept).toEqual([`kept-${reader.id}`]);
  await office.patch(`/records/user/${reader.id}`, { values: { is_active: false } });
  await expect(page.getByRole('button', { name: 'Войти', exact: true })).toBeVisible();
  await expect.poll(kept).toEqual([]);
});

test('an administrator lets browsers keep nothing', async ({ page, context }) => {
  const card = await office.createPerson('Заборонений');
  await office.enter(page, '/settings/company');
  await untilControlled(page);
  const box = page.getByRole('checkbox', { name: 'Открытое можно читать без связи' });
  await expect(box).toBeChecked();
  await box.uncheck();
  await expect(page.getByText('Сохранено для всех')).toBeVisible();
  await page.goto(`${office.url}/records/contact/${card.id}`);
  await expect(page.getByRole('heading', { name: 'Заборонений' })).toBeVisible();
  expect(await keptBy(context)).toEqual([]);
  await office.patch('/installation', { allows_offline: true });
});

test('the program can be installed', async ({ page }) => {
  await office.enter(page, LIST);
  const manifest = (await (await page.request.get(`${office.url}/manifest.webmanifest`)).json()) as { icons: { src: string }[]; display: string };
  expect(manifest.display).toBe('standalone');
  for (const { src } of manifest.icons) expect((await page.request.get(office.url + src)).status(), src).toBe(200);
  // Chromium without a head offers nothing by itself.
  await expect(page.getByTitle('Олена Ковальчук: профиль и выход')).toBeVisible();
  await page.evaluate(() => {
    const offer = Object.assign(new Event('beforeinstallprompt', { cancelable: true }), { prompt: () => Promise.resolve(void (document.title = 'asked')) });
    window.dispatchEvent(offer);
  });
  await page.getByTitle('Олена Ковальчук: профиль и выход').click();
  await page.getByRole('menuitem', { name: 'Установить программу' }).click();
  await expect(page).toHaveTitle('asked');
  await page.getByTitle('Олена Ковальчук: профиль и выход').click();
  await expect(page.getByRole('menuitem', { name: 'Установить программу' })).toHaveCount(0);
});
