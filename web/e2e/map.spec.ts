/** Contacts on a map: clusters by pointer and by keyboard, the place of a card, a pin put by hand, on a phone. */
import AxeBuilder from '@axe-core/playwright';
import type { Locator, Page } from '@playwright/test';
import { expectAccessible } from './support/accessible';
import { Office } from './support/office';
import { card, list, toast } from './support/screens';
import { expect, test } from './support/test';

const office = Office.forThisFile();

/** An address in a town of Ukraine. */
function town(city: string, more: Record<string, unknown> = {}): Record<string, unknown> {
  return { addresses: [{ city, country: 'UA', ...more }] };
}

/** The map of those whose last name begins so. */
function mapOf(begin: string, more = ''): string {
  return `/records/contact?section=clients&look=map&filter=${encodeURIComponent(`last_name starts with "${begin}"`)}${more}`;
}

function cluster(page: Page, name: string | RegExp): Locator {
  return page.getByRole('group', { name: 'Контакты на карте' }).getByRole('button', { name });
}

function status(page: Page): Locator {
  return page.getByRole('status').filter({ hasText: 'На карте' });
}

test('a list becomes a map, a cluster comes apart, a contact opens beside it', async ({ page }) => {
  for (const [name, city] of [['Мапенко Адам', 'Київ'], ['Мапенко Богдан', 'г. Киев'], ['Мапенко Віктор', 'Бровари'], ['Мапенко Гнат', 'Львов']] as const) {
    await office.createPerson(name, town(city));
  }
  await office.createPerson('Мапенко Дарина');
  await office.createPerson('Мапенко Євген', town('Китеж'));
  await office.enter(page, `/records/contact?section=clients&filter=${encodeURIComponent('last_name starts with "Мапенко"')}`);
  await expect(list.row(page, 'Мапенко Адам')).toBeVisible();
  await page.getByRole('radio', { name: 'Карта' }).check({ force: true });
  await expect(page).toHaveURL(/look=map/);
  await expect(status(page)).toHaveText('На карте 4 из 6');
  await expect(page.getByText('Без места: 2')).toBeVisible();
  await expect(page.locator('canvas[data-land=drawn]')).toBeVisible();
  // No border is drawn and nothing is asked of anyone outside; a map has no columns.
  await expect(page.getByRole('button', { name: /колон/ })).toBeHidden();

  await expect(cluster(page, 'Київ: 3 записи')).toBeVisible();
  await cluster(page, 'Київ: 3 записи').click();
  await expect(cluster(page, 'Мапенко Віктор')).toBeVisible();
  await expect(page).toHaveURL(/at=/);
  await cluster(page, 'Мапенко Віктор').click();
  await expect(list.panel(page, 'Мапенко Віктор')).toBeVisible();
  await page.reload();
  await expect(list.panel(page, 'Мапенко Віктор')).toBeVisible();
  await expect(cluster(page, 'Мапенко Віктор')).toBeVisible();

  await page.keyboard.press('Escape');
  await expect(page).not.toHaveURL(/open=/);
  await page.getByRole('button', { name: 'Показать всё' }).click();
  await cluster(page, 'Київ: 3 записи').click();
  // Looking closer does not tell two of one town apart: they are listed.
  await cluster(page, /: 2 записи/).click();
  const place = page.getByRole('complementary', { name: /Київ|г\. Киев/ });
  await expect(place.getByRole('link', { name: /Мапенко/ })).toHaveCount(2);
  await place.getByRole('link', { name: 'Мапенко Богдан' }).click();
  await expect(list.panel(page, 'Мапенко Богдан')).toBeVisible();
  const { violations } = await new AxeBuilder({ page }).setLegacyMode(true).exclude('[data-floating-ui-focus-guard]').analyze();
  expect(violations.map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html).join(' ')}`)).toEqual([]);
  await place.getByRole('link', { name: 'Открыть списком' }).click();
  await expect(list.grid(page).getByRole('row').filter({ hasText: 'Мапенко' })).toHaveCount(2);
  await expect(page).not.toHaveURL(/look=map/);
});

test('the filter and the search above hold on the map', async ({ page }) => {
  await office.createPerson('Фільтренко Один', town('Одеса'));
  await office.createPerson('Фільтренко Два', town('Харків'));
  await office.enter(page, mapOf('Фільтренко'));
  await expect(status(page)).toHaveText('На карте 2 из 2');
  await list.search(page).fill('Два');
  await expect(status(page)).toHaveText('На карте 1 из 1');
  await expect(cluster(page, 'Фільтренко Два')).toBeVisible();
  await expect(cluster(page, 'Фільтренко Один')).toBeHidden();
});

test('the keyboard alone is enough on the map', async ({ page }) => {
  for (const name of ['Клавішенко А', 'Клавішенко Б']) await office.createPerson(name, town('Полтава'));
  await office.createPerson('Клавішенко В', town('Кременчук'));
  await office.createPerson('Клавішенко Г', town('Львів'));
  // Far enough that Kremenchuk is one with Poltava.
  await office.enter(page, mapOf('Клавішенко', '&at=49.5,30,5'));
  await expect(cluster(page, 'Полтава: 3 записи')).toBeVisible();
  await page.getByRole('group', { name: /^Карта: / }).focus();
  await page.keyboard.press('Tab');
  await expect(cluster(page, 'Полтава: 3 записи')).toBeFocused();
  await page.keyboard.press('ArrowLeft');
  await expect(cluster(page, 'Клавішенко Г')).toBeFocused();
  await page.keyboard.press('ArrowRight');
  await page.keyboard.press('Enter');
  await expect(cluster(page, 'Клавішенко В')).toBeVisible();
  await expect(page.locator('button[data-cluster]:focus')).toHaveCount(1);
  await cluster(page, 'Полтава: 2 записи').focus();
  await page.keyboard.press('Enter');
  const place = page.getByRole('complementary', { name: 'Полтава' });
  await expect(place.getByRole('link', { name: 'Клавішенко А' })).toBeVisible();
  await page.keyboard.press('Escape');
  await expect(place).toBeHidden();
  await cluster(page, 'Клавішенко В').focus();
  await page.keyboard.press('Enter');
  await expect(list.panel(page, 'Клавішенко В')).toBeVisible();
});

test('an area that is drawn becomes a condition of the list', async ({ page }) => {
  await office.createPerson('Ласенко Київ', town('Київ'));
  await office.createPerson('Ласенко Бровари', town('Бровари'));
  await office.createPerson('Ласенко Одеса', town('Одеса'));
  await office.enter(page, mapOf('Ласенко', '&at=49,31,6'));
  await expect(status(page)).toHaveText('На карте 3 из 3');
  const map = page.getByRole('group', { name: /^Карта: / });
  await page.getByRole('button', { name: 'Обвести область' }).click();
  const tools = page.getByRole('toolbar', { name: 'Обвести область' });
  await expect(tools).toBeVisible();
  await expectAccessible(page, 'drawing an area');
  await page.keyboard.press('Escape');
  await expect(tools).toBeHidden();

  const around = await cluster(page, /Київ: 2 записи/).boundingBox();
  if (around === null) throw new Error('Kyiv is not on the screen');
  await page.keyboard.press('l');
  await expect(tools).toBeVisible();
  const [x, y] = [around.x + around.width / 2, around.y + around.height / 2];
  await page.mouse.move(x - 60, y - 50);
  await page.mouse.down();
  for (const [dx, dy] of [[60, -50], [70, 40], [0, 60], [-70, 40], [-60, -45]] as const) await page.mouse.move(x + dx, y + dy, { steps: 5 });
  await page.mouse.up();
  await expect(status(page)).toHaveText('На карте 2 из 2');
  await expect(tools).toBeHidden();
  await expect(map).toBeFocused();
  await expect(page.getByRole('button', { name: /^Место на карте .*область карты/ })).toBeVisible();
  await page.getByRole('radio', { name: 'Список' }).check({ force: true });
  await expect(list.grid(page).getByRole('row').filter({ hasText: 'Ласенко' })).toHaveCount(2);
  await expect(list.grid(page).getByText('Ласенко Одеса')).toBeHidden();

  // By the keyboard alone: move the map, then take all that is seen.
  await page.goto(office.url + mapOf('Ласенко', '&at=46.48,30.72,9'));
  await expect(cluster(page, 'Ласенко Одеса')).toBeVisible();
  await page.keyboard.press('l');
  await expect(page.getByRole('button', { name: 'Взять всё, что видно' })).toBeFocused();
  await page.keyboard.press('Enter');
  await expect(status(page)).toHaveText('На карте 1 из 1');
});

test('a card shows the town, and keeps a point that was put by hand', async ({ page }) => {
  const contact = await office.createPerson('Точкаренко', town('Харьков', { street: 'Сумська, 1' }));
  const none = await office.createPerson('Безадресенко');
  await office.enter(page, `/records/contact/${none.id}`);
  await expect(page.getByRole('heading', { level: 1, name: 'Безадресенко' })).toBeVisible();
  const location = page.getByRole('region', { name: 'Место на карте' });
  await expect(location).toBeHidden();

  await page.goto(`${office.url}/records/contact/${contact.id}`);
  await expect(location).toContainText('Точность: город Харьков');
  const google = location.getByRole('link', { name: 'Google Карты (в новой вкладке)' });
  await expect(google).toHaveAttribute('href', /^https:\/\/www\.google\.com\/maps\/search\/\?api=1&query=/);
  await expect(google).toHaveAttribute('rel', 'noopener noreferrer');

  await location.getByRole('button', { name: 'Указать точку' }).click();
  const dialog = page.getByRole('dialog', { name: 'Точка на карте' });
  const pin = dialog.getByRole('button', { name: /^Метка: / });
  await expect(pin).toBeFocused();
  const before = await dialog.getByRole('textbox', { name: 'Координаты' }).inputValue();
  await page.keyboard.press('Shift+ArrowRight');
  await page.keyboard.press('ArrowUp');
  await expect(dialog.getByRole('textbox', { name: 'Координаты' })).not.toHaveValue(before);
  const box = await pin.boundingBox();
  if (box === null) throw new Error('the pin is not on the screen');
  const keyed = await dialog.getByRole('textbox', { name: 'Координаты' }).inputValue();
  await page.mouse.move(box.x + 18, box.y + 12);
  await page.mouse.down();
  await page.mouse.move(box.x + 58, box.y + 52, { steps: 4 });
  await page.mouse.up();
  await expect(dialog.getByRole('textbox', { name: 'Координаты' })).not.toHaveValue(keyed);
  await dialog.getByRole('textbox', { name: 'Координаты' }).fill('Сумская');
  await expect(dialog.getByRole('alert')).toContainText('Нужны два числа');
  await dialog.getByRole('textbox', { name: 'Координаты' }).fill('50.0045, 36.2314');
  await dialog.getByRole('button', { name: 'Сохранить точку' }).click();
  await expect(dialog).toBeHidden();
  await expect(location).toContainText('Точность: точка на карте');
  await expect(location.getByRole('link', { name: 'Яндекс Карты (в новой вкладке)' })).toHaveAttribute('href', /pt=36\.2314,50\.0045/);
  const { values } = await office.get<{ values: { addresses: { latitude?: number; street: string }[] } }>(`/records/contact/${contact.id}`);
  expect(values.addresses[0]).toMatchObject({ latitude: 50.0045, longitude: 36.2314, street: 'Сумська, 1' });

  await toast(page, 'Адреса').getByRole('button', { name: 'Отменить' }).click();
  await expect(location).toContainText('Точность: город Харьков');
  await page.goto(office.url + mapOf('Точкаренко'));
  await expect(cluster(page, 'Точкаренко')).toBeVisible();
  await expect(card.about(page)).toBeHidden();
});

test.describe('on a phone', () => {
  test.use({ viewport: { width: 390, height: 844 }, hasTouch: true });

  test('the map fills the screen and opens the card', async ({ page }) => {
    await office.createPerson('Телефоненко', town('Дніпро'));
    await office.enter(page, mapOf('Телефоненко'));
    await expect(cluster(page, 'Телефоненко')).toBeVisible();
    expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBe(390);
    await cluster(page, 'Телефоненко').tap();
    await expect(list.panel(page, 'Телефоненко')).toBeVisible();
  });
});
