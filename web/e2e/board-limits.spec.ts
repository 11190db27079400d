/** Limits of columns: a sign that asks before one card more, whoever moves it, and gives way. */
import type { Locator, Page } from '@playwright/test';
import { expectAccessible } from './support/accessible';
import { drag } from './support/drag';
import { Office } from './support/office';
import { expect, test } from './support/test';

const office = Office.forThisFile();

function column(page: Page, name: string): Locator {
  return page.getByRole('region', { name, exact: true });
}

function cardIn(page: Page, columnName: string, title: string): Locator {
  return column(page, columnName).getByRole('listitem', { name: title, exact: true });
}

function boardOf(begin: string): string {
  return `/records/contact?section=clients&look=board&by=warmth&filter=${encodeURIComponent(`last_name starts with "${begin}"`)}`;
}

async function warmthOf(id: number): Promise<unknown> {
  const { values } = await office.get<{ values: Record<string, unknown> }>(`/records/contact/${id}`);
  return values.warmth;
}

test('a full column asks before it takes one more', async ({ page }) => {
  const first = await office.createPerson('Лиміт Адам', { warmth: 'cold' });
  const second = await office.createPerson('Лиміт Богдан', { warmth: 'cold' });
  await office.createPerson('Лиміт Віра', { warmth: 'warm' });
  await office.enter(page, boardOf('Лиміт'));

  // The limit is set from the column itself.
  await column(page, 'Тёплый').hover();
  await page.getByRole('button', { name: 'Колонка: Тёплый' }).click();
  await page.getByRole('menuitem', { name: 'Лимит карточек…' }).click();
  const limit = page.getByRole('dialog', { name: '«Тёплый»: лимит карточек' });
  await limit.getByLabel('Не больше карточек').fill('none');
  await limit.getByRole('button', { name: 'Сохранить' }).click();
  await expect(limit.getByText('Целое число от 1 до 10 000 или ничего.')).toBeVisible();
  await limit.getByLabel('Не больше карточек').fill('1');
  await limit.getByRole('button', { name: 'Сохранить' }).click();
  await expect(limit).toBeHidden();
  await expect(column(page, 'Тёплый').getByTitle('Заполнена: 1 из 1')).toHaveText('1 / 1');

  const asks = page.getByRole('dialog', { name: '«Тёплый»: колонка заполнена' });
  await drag(cardIn(page, 'Холодный', 'Лиміт Адам'), column(page, 'Тёплый'));
  await expect(asks).toContainText('В ней уже 1 из 1. Всё равно перенести сюда «Лиміт Адам»?');
  await expectAccessible(page, 'a full column');
  await asks.getByRole('button', { name: 'Не переносить' }).click();
  await expect(cardIn(page, 'Холодный', 'Лиміт Адам')).toBeVisible();
  expect(await warmthOf(first.id)).toBe('cold');

  // The keyboard is asked the same, and may say yes.
  await cardIn(page, 'Холодный', 'Лиміт Адам').focus();
  await page.keyboard.press('Space');
  await page.keyboard.press('ArrowRight');
  await page.keyboard.press('Space');
  await expect(asks).toContainText('1 из 1');
  await page.keyboard.press('Enter');
  await expect.poll(() => warmthOf(first.id)).toBe('warm');
  await expect(column(page, 'Тёплый').getByTitle('Больше положенного: 2 из 1')).toHaveText('2 / 1');

  // So is the menu of a card.
  await cardIn(page, 'Холодный', 'Лиміт Богдан').hover();
  await page.getByRole('button', { name: 'Действия: Лиміт Богдан' }).click();
  await page.getByRole('menuitem', { name: 'В колонку «Тёплый»' }).click();
  await expect(asks).toContainText('В ней уже 2 из 1');
  await page.keyboard.press('Escape');
  await expect(cardIn(page, 'Холодный', 'Лиміт Богдан')).toBeVisible();
  expect(await warmthOf(second.id)).toBe('cold');
});

test('the settings of a field have the limit of each of its options', async ({ page }) => {
  await office.enter(page, '/settings/fields');
  await page.getByRole('tab', { name: 'Сделки', exact: true }).click();
  await page.getByRole('button', { name: 'Поле «Этап»: действия' }).click();
  await page.getByRole('menuitem', { name: 'Изменить' }).click();
  const dialog = page.getByRole('dialog');
  await dialog.getByRole('button', { name: 'Лимиты' }).click();
  await dialog.getByLabel('Значение 4, лимит карточек в колонке').fill('5');
  await dialog.getByRole('button', { name: 'Сохранить' }).click();
  await expect(dialog).toBeHidden();
  await office.post('/records/deal', { values: { title: 'Крыша', stage: 'needs' } });
  await page.goto(`${office.url}/records/deal?section=all_deals&look=board&by=stage`);
  await expect(column(page, 'Потребности')).toContainText('1 / 5');
});
