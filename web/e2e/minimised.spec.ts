/** Cards put aside: they wait at the bottom of every page and come back as they were. */
import type { Locator, Page } from '@playwright/test';
import { Office, phone } from './support/office';
import { card, field, list, toast } from './support/screens';
import { expect, test } from './support/test';

const office = Office.forThisFile();

function bar(page: Page): Locator {
  return page.getByRole('navigation', { name: 'Свёрнутые карточки' });
}

function chip(page: Page, title: string): Locator {
  return bar(page).getByRole('link', { name: title });
}

const minimise = (page: Page): Locator => page.getByRole('button', { name: 'Свернуть карточку' });

test('a card waits in every section, outlives a reload and comes back as it was', async ({ page }) => {
  const first = await office.createPerson('Згорнутий', { position: 'бондар' });
  const second = await office.createPerson('Згортко');
  const search = `section=clients&q=${encodeURIComponent('Згор')}`;
  await office.enter(page, `/records/contact?${search}&open=${first.id}`);
  await expect(list.panel(page, 'Згорнутий')).toBeVisible();
  await minimise(page).click();
  await expect(list.panel(page, 'Згорнутий')).toBeHidden();
  await expect(chip(page, 'Згорнутий')).toBeVisible();

  await page.goto(`${office.url}/records/contact/${second.id}?${search}`);
  await expect(page.getByRole('heading', { level: 1, name: 'Згортко' })).toBeVisible();
  await page.keyboard.press('m');
  await expect(list.row(page, 'Згортко')).toBeVisible();
  await page.getByRole('navigation', { name: 'Разделы' }).getByRole('link', { name: 'Операции' }).click();
  await page.reload();
  await expect(bar(page).getByRole('listitem')).toHaveCount(2);

  // Renamed meanwhile, a card is called by its new name.
  await office.changeContact(second.id, { last_name: 'Розгортко' });
  await expect(chip(page, 'Розгортко')).toBeVisible();
  await chip(page, 'Розгортко').click();
  await expect(page.getByRole('heading', { level: 1, name: 'Розгортко' })).toBeVisible();
  await chip(page, 'Згорнутий').click();
  await expect(list.panel(page, 'Згорнутий')).toBeVisible();
  await expect(list.search(page)).toHaveValue('Згор');
  await expect(bar(page)).toBeHidden();
});

test('what was typed is saved first, and a refused value keeps the card', async ({ page }) => {
  const person = await office.createPerson('Недописаний', { position: 'писар', channels: [phone('067 610 10 10')] });
  const path = `/records/contact/${person.id}?section=clients`;
  await office.enter(page, path);
  await card.edit(page, 'Должность').click();
  await field(card.about(page), 'Должность').fill('літописець');
  await minimise(page).click();
  await expect(toast(page, 'Сохранено: Должность')).toBeVisible();
  await chip(page, 'Недописаний').click();
  await expect(card.about(page)).toContainText('літописець');

  await card.edit(page, 'Телефоны и почта').first().click();
  await field(card.about(page), 'Телефон').fill('нема');
  await minimise(page).click();
  await expect(toast(page, 'Сначала исправьте или отмените: Телефоны и почта')).toBeVisible();
  await expect(page).toHaveURL(new RegExp(`/records/contact/${person.id}`));
  // Given up and left in another way, it has not been put aside.
  await card.about(page).getByRole('button', { name: 'Отмена', exact: true }).click();
  await page.getByRole('navigation', { name: 'Разделы' }).getByRole('link', { name: 'Корзина' }).click();
  await expect(page).toHaveURL(/\/trash/);
  await expect(bar(page)).toBeHidden();
});

test('a cross takes it away, and so does logging out', async ({ page }) => {
  for (const name of ['Хрестик А', 'Хрестик Б']) {
    const person = await office.createPerson(name);
    await office.enter(page, `/records/contact/${person.id}?section=clients`);
    await minimise(page).click();
    await expect(chip(page, name)).toBeVisible();
  }
  await page.getByRole('button', { name: 'Убрать из свёрнутых: Хрестик А' }).click();
  await expect(bar(page).getByRole('listitem')).toHaveCount(1);
  await page.getByRole('button', { name: 'Олена Ковальчук' }).click();
  await page.getByRole('menuitem', { name: 'Выйти' }).click();
  await expect(page.getByLabel('Логин')).toBeVisible();
  expect(await page.evaluate(() => sessionStorage.getItem('kartoteka.minimised_cards'))).toBeNull();
});

test.describe('on a phone', () => {
  test.use({ viewport: { width: 390, height: 844 }, hasTouch: true });

  test('the bar stands above the sections and scrolls by itself', async ({ page }) => {
    for (const name of ['Кишеня Перша', 'Кишеня Друга', 'Кишеня Третя']) {
      const person = await office.createPerson(name);
      await office.enter(page, `/records/contact/${person.id}?section=clients`);
      await minimise(page).tap();
      await expect(chip(page, name)).toBeVisible();
    }
    expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBe(390);
    await chip(page, 'Кишеня Третя').tap();
    await expect(page.getByRole('heading', { level: 1, name: 'Кишеня Третя' })).toBeVisible();
  });
});
