import { Office } from './support/office';
import { drawPng } from './support/pictures';
import { test } from './support/test';
const office = Office.forThisFile();
test('look', async ({ page }) => {
  test.setTimeout(120000);
  const person = await office.createUser('employee', 'Марко Гнатюк', 'marko');
  await office.createPerson('Портретна', { managers: [person.id, 1], visibility: 'read' });
  await office.createPerson('Друга', { managers: [1], visibility: 'read' });
  await office.post('/users', { name: 'Світлана Тимчасова', login: 'sv', password: 'Лемберг-вранці-sv', roles: [3], user_kind: 'temporary', active_until: '2027-01-31' });
  const { name } = await office.post<{ name: string }>('/catalog/contact/fields', { labels: { ru: 'Договор', uk: 'Договор', en: 'Договор' }, kind: 'date', settings: {} });
  await office.enter(page, '/settings/profile');
  const chooser = page.waitForEvent('filechooser');
  await page.getByRole('button', { name: 'Выбрать фото' }).click();
  await (await chooser).setFiles({ name: 'a.png', mimeType: 'image/png', buffer: drawPng(400, 500, [120, 160, 210], [240, 205, 180]) });
  await page.waitForTimeout(1500);
  for (const scheme of ['light', 'dark'] as const) for (const width of [1440, 390]) {
    await page.setViewportSize({ width, height: width === 1440 ? 900 : 844 });
    await page.emulateMedia({ colorScheme: scheme });
    for (const [key, path] of [['profile', '/settings/profile'], ['company', '/settings/company'], ['users', '/settings/users'], ['list', `/records/contact?columns=name,managers,${name},created_at`], ['card', '/records/contact/1']] as const) {
      await page.goto(office.url + path);
      await page.waitForTimeout(900);
      if (key === 'company') await page.locator('#company-formats').scrollIntoViewIfNeeded();
      if (key === 'card' && width === 1440) { await page.getByRole('button', { name: 'Изменить: Договор' }).click(); await page.getByRole('button', { name: 'Открыть календарь' }).click(); await page.waitForTimeout(400); }
      await page.screenshot({ path: `/tmp/look/${key}-${scheme}-${width}.png` });
    }
  }
});
