/** What a country's law asks of a company: the country decides what stands on the card, and each number is checked. */
import type { Page } from '@playwright/test';
import { Office } from './support/office';
import { card, list, toast } from './support/screens';
import { expect, test } from './support/test';

const office = Office.forThisFile();

/** Opens a field of the card and types into it. */
async function type(page: Page, name: string, text: string): Promise<void> {
  await card.edit(page, name).click();
  await page.getByRole('textbox', { name, exact: true }).fill(text);
  await page.keyboard.press('Enter');
}

async function choose(page: Page, name: string, label: string): Promise<void> {
  await card.edit(page, name).click();
  await page.getByRole('combobox', { name, exact: true }).selectOption({ label });
  await page.keyboard.press('Enter');
  await expect(toast(page, `Сохранено: ${name}`)).toBeVisible();
}

test('the country brings its numbers, and a wrong one is refused at its field', async ({ page }) => {
  const company = await office.createCompany('ТОВ «Реквізит»');
  await office.enter(page, `/records/contact/${company.id}`);
  await page.getByRole('button', { name: /Показать \d+ пуст/ }).click();
  const about = card.about(page);
  await expect(card.edit(page, 'Код ЕГРПОУ')).toBeHidden();

  await choose(page, 'Страна реквизитов', 'Украина');
  await expect(card.edit(page, 'Код ЕГРПОУ')).toBeVisible();
  await expect(card.edit(page, 'ОГРН')).toBeHidden();

  await type(page, 'Код ЕГРПОУ', '14 360 571');
  await expect(about.getByRole('alert')).toBeVisible();
  await expect(page.getByRole('textbox', { name: 'Код ЕГРПОУ' })).toHaveValue('14 360 571');
  await page.getByRole('textbox', { name: 'Код ЕГРПОУ' }).fill('14 360 570');
  await page.keyboard.press('Enter');
  await expect(toast(page, 'Сохранено: Код ЕГРПОУ')).toBeVisible();
  await expect(about.getByText('14360570')).toBeVisible();

  // It is found as one finds a phone.
  await page.goto(`${office.url}/records/contact`);
  await list.search(page).fill('14360570');
  await expect(list.row(page, 'ТОВ «Реквізит»')).toBeVisible();
});

test('a potential is money of a period, beside the currency of the contact', async ({ page }) => {
  const company = await office.createCompany('ТОВ «Обсяг»');
  await office.enter(page, `/records/contact/${company.id}`);
  await page.getByRole('button', { name: /Показать \d+ пуст/ }).click();
  await choose(page, 'Валюта', 'Евро, EUR');
  await type(page, 'Потенциал', '12 500,50');
  await expect(toast(page, 'Сохранено: Потенциал')).toBeVisible();
  await expect(card.about(page).getByText(/12\s500,50/)).toBeVisible();
});
