/** Conditions about what options mean: chosen in the sheet of conditions, and said in words. */
import { expectAccessible } from './support/accessible';
import { Office } from './support/office';
import { list } from './support/screens';
import { expect, test } from './support/test';

const office = Office.forThisFile();

test('a list is narrowed by what its statuses mean, in words', async ({ page }) => {
  await office.post('/records/task', { values: { title: 'Ждёт' } });
  await office.post('/records/task', { values: { title: 'Готово', status: 'done' } });
  await office.enter(page, '/records/task?section=all_tasks');
  await page.getByRole('button', { name: 'Условие' }).click();
  await page.getByLabel('Найти поле').fill('статус');
  await page.getByRole('button', { name: 'Статус: по смыслу' }).click();
  const sheet = page.getByRole('dialog');
  await expect(sheet.getByRole('checkbox')).toHaveCount(2);
  await sheet.getByLabel('открытые').check({ force: true });
  await expectAccessible(page, 'a condition about a meaning');
  await sheet.getByRole('button', { name: 'Применить' }).click();
  await expect(page).toHaveURL(/status\.meaning/);
  await expect(page.getByRole('search')).toContainText('Статус: открытые');
  await expect(list.row(page, 'Ждёт')).toBeVisible();
  await expect(list.row(page, 'Готово')).toHaveCount(0);

  await page.goto(`${office.url}/records/deal?section=all_deals&filter=${encodeURIComponent('stage.meaning != won')}`);
  await expect(page.getByRole('search')).toContainText(/Этап: .*выигранные/);
  await page.getByRole('button', { name: /^Этап:/ }).first().click();
  await expect(page.getByRole('dialog').getByLabel('выигранные')).toBeChecked();
});

test('the words are those of the language of the page', async ({ page }) => {
  for (const [language, words] of [['en', 'Status: open ones'], ['uk', 'Статус: відкриті']] as const) {
    await office.patch('/session', { language });
    await office.enter(page, `/records/task?section=all_tasks&filter=${encodeURIComponent('status.meaning = open')}`);
    await expect(page.getByRole('search')).toContainText(words);
  }
  await office.patch('/session', { language: 'ru' });
});
