/** Services of maps outside, as stand-ins on this machine: pictures below the contacts, and where an address is. */
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { expectAccessible } from './support/accessible';
import { Office } from './support/office';
import { toast } from './support/screens';
import { expect, test } from './support/test';

const office = Office.forThisFile();
let service: Server;
let asked: string[] = [];
let isBroken = false;

test.beforeAll(async () => {
  service = createServer((request, response) => {
    const place = /^\/(\d+)\/(\d+)\/(\d+)\.svg$/.exec(request.url ?? '');
    asked.push(request.url ?? '');
    const question = new URL(request.url ?? '', 'http://stand').searchParams.get('q');
    if (question !== null) {
      const places = question === 'Ukraine' ? [{ lat: '49', lon: '32', place_rank: 4, display_name: 'Україна' }] : question.includes('Сумська') ? [{ lat: '50.0045', lon: '36.2314', place_rank: 30 }] : [];
      response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify(places));
      return;
    }
    if (place === null || isBroken) {
      response.writeHead(404).end();
      return;
    }
    const picture = `<svg xmlns="http://www.w3.org/2000/svg" width="256" height="256"><rect width="256" height="256" fill="#e8e4da" stroke="#b9b2a0"/><text x="12" y="28" font-family="sans-serif">${place.slice(1).join('/')}</text></svg>`;
    response.writeHead(200, { 'content-type': 'image/svg+xml' }).end(picture);
  });
  await new Promise<void>((resolve) => service.listen(0, '127.0.0.1', resolve));
});

test.afterAll(async () => {
  await new Promise((resolve) => service.close(resolve));
});

function template(): string {
  return `http://127.0.0.1:${(service.address() as AddressInfo).port}/{z}/{x}/{y}.svg`;
}

test('an administrator names a map service, and what does not load shows the built-in map', async ({ page }) => {
  const contact = await office.createPerson('Вулиценко', { addresses: [{ city: 'Київ', country: 'UA', latitude: 50.45, longitude: 30.52 }] });
  await office.enter(page, '/settings/company');
  const url = page.getByLabel('Адрес картинок');
  await url.fill('127.0.0.1/{z}/{x}.png');
  await page.getByRole('button', { name: 'Сохранить' }).first().click();
  await expect(page.getByRole('alert').filter({ hasText: 'должен начинаться с http' })).toBeVisible();
  await expect(url).toBeFocused();
  await expect(page.getByRole('alert').filter({ hasText: 'Заполните' })).toBeVisible();
  await url.fill(template());
  await page.getByLabel('Чьи это картинки').fill('© Стенд для карт');
  await page.getByRole('button', { name: 'Сохранить' }).first().click();
  await expect(toast(page, 'Сохранено для всех')).toBeVisible();
  await expectAccessible(page, 'company with a map service');

  const attribution = page.getByText('© Стенд для карт');
  await page.goto(`${office.url}/records/contact?look=map&at=50.45,30.52,12`);
  await expect(attribution).toBeVisible();
  await expect(page.getByRole('button', { name: 'Вулиценко' })).toBeVisible();
  expect(asked.every((path) => path.startsWith('/12/'))).toBe(true);
  const seen = page.locator('img[src^="http://127.0.0.1"]').first();
  await expect(seen).toBeVisible();
  asked = [];
  await page.getByRole('button', { name: 'Ближе' }).click();
  await expect.poll(() => asked.some((path) => path.startsWith('/13/'))).toBe(true);
  await expect(attribution).toBeVisible();
  await page.goto(`${office.url}/records/contact/${contact.id}`);
  await expect(page.getByRole('region', { name: 'Место на карте' }).getByText('© Стенд для карт')).toBeVisible();

  isBroken = true;
  asked = [];
  await page.goto(`${office.url}/records/contact?look=map&at=50.45,30.52,9`);
  await expect(page.getByRole('button', { name: 'Вулиценко' })).toBeVisible();
  await expect.poll(() => asked.length).toBeGreaterThan(0);
  await expect(page.locator('canvas[data-land=drawn]')).toBeVisible();
  await expect(seen).toBeHidden();
  await expect(attribution).toBeHidden();

  await page.goto(`${office.url}/settings/company`);
  await url.fill('');
  await page.getByRole('button', { name: 'Сохранить' }).first().click();
  await expect(toast(page, 'Сохранено для всех')).toBeVisible();
  asked = [];
  await page.goto(`${office.url}/records/contact?look=map&at=50.45,30.52,9`);
  await expect(page.getByRole('button', { name: 'Вулиценко' })).toBeVisible();
  await expect(page.locator('img[src^="http://127.0.0.1"]')).toHaveCount(0);
  expect(asked).toEqual([]);
});

test('a card finds the exact place of its address by the service, and undo takes it back', async ({ page }) => {
  const contact = await office.createPerson('Сервісенко', { addresses: [{ street: 'Сумська, 1', city: 'Харків', country: 'UA' }] });
  const unknown = await office.createPerson('Невідоменко', { addresses: [{ street: 'Ніде, 0', city: 'Харків', country: 'UA' }] });
  await office.enter(page, `/records/contact/${contact.id}`);
  const location = page.getByRole('region', { name: 'Место на карте' });
  const find = location.getByRole('button', { name: 'Найти точное место' });
  await expect(location).toContainText('Точность: город Харьков');
  await expect(find).toBeHidden();

  await page.goto(`${office.url}/settings/company`);
  const trial = page.getByRole('button', { name: 'Проверить сервис' });
  await expect(trial).toHaveCount(0);
  await page.getByLabel('Сервис адресов').fill(template().replace('{z}/{x}/{y}.svg', 'nothing/{query}'));
  await trial.click();
  await expect(page.getByRole('alert')).toContainText('Сервис адресов ответил непонятное');
  await page.getByLabel('Сервис адресов').fill(template().replace('{z}/{x}/{y}.svg', 'search?q={query}&format=jsonv2'));
  await expect(page.getByText('Сервис адресов ответил непонятное')).toHaveCount(0);
  await trial.click();
  await expect(page.getByRole('status').getByText('Сервис отвечает и находит: Україна.')).toBeVisible();
  await expectAccessible(page, 'trial of an address service');
  await page.getByRole('button', { name: 'Сохранить' }).first().click();
  await expect(toast(page, 'Сохранено для всех')).toBeVisible();
  await page.goto(`${office.url}/records/contact/${contact.id}`);
  await find.click();
  // A message that is under the pointer stays.
  await toast(page, 'Адреса').hover();
  await expect(location).toContainText('Точность: точка на карте');
  await expectAccessible(page, 'a place that was found');
  const { values } = await office.get<{ values: { addresses: { latitude?: number }[] } }>(`/records/contact/${contact.id}`);
  expect(values.addresses[0]).toMatchObject({ latitude: 50.0045, longitude: 36.2314, street: 'Сумська, 1' });
  await toast(page, 'Адреса').getByRole('button', { name: 'Отменить' }).click();
  await expect(location).toContainText('Точность: город Харьков');

  await test.step('the place of an address that has changed meanwhile is not taken', async () => {
    let release = (): void => undefined;
    const isReleased = new Promise<void>((resolve) => (release = resolve));
    await page.route('**/places/find', async (route) => {
      await isReleased;
      await route.continue();
    });
    const isAsked = page.waitForRequest('**/places/find');
    await find.click();
    await isAsked;
    await office.changeContact(contact.id, { addresses: [{ street: 'Пушкінська, 7', city: 'Харків', country: 'UA' }] });
    await expect(page.getByText('Пушкінська, 7').first()).toBeVisible();
    release();
    await expect(location.getByRole('status')).toHaveText('Адрес за это время изменился. Найдите место ещё раз.');
    const { values: now } = await office.get<{ values: { addresses: object[] } }>(`/records/contact/${contact.id}`);
    expect(now.addresses[0]).not.toHaveProperty('latitude');
    await page.unroute('**/places/find');
  });

  await page.goto(`${office.url}/records/contact/${unknown.id}`);
  await find.click();
  await expect(location.getByRole('status')).toHaveText('Сервис не знает этого адреса.');
  await expect(location).toContainText('Точность: город Харьков');
});

test('exact places of ticked cards are found by one job, and one undo takes them back', async ({ page }) => {
  const near = await office.createPerson('Масовенко', { addresses: [{ street: 'Сумська, 1', city: 'Харків', country: 'UA' }] });
  await office.createPerson('Масовий', { addresses: [{ street: 'Ніде, 0', city: 'Харків', country: 'UA' }] });
  await office.enter(page, '/settings/company');
  await page.getByLabel('Сервис адресов').fill(template().replace('{z}/{x}/{y}.svg', 'search?q={query}&format=jsonv2'));
  await page.getByRole('button', { name: 'Сохранить' }).first().click();
  await expect(toast(page, 'Сохранено для всех')).toBeVisible();
  await page.goto(`${office.url}/records/contact?search=${encodeURIComponent('Масов')}`);
  await page.getByRole('checkbox', { name: 'Отметить: Масовенко' }).check();
  await page.getByRole('checkbox', { name: 'Отметить: Масовий' }).check();
  await page.getByRole('toolbar', { name: 'Действия с отмеченными' }).getByRole('button', { name: 'Найти точные места' }).click();
  const dialog = page.getByRole('dialog', { name: 'Найти точные места: 2' });
  await expect(dialog).toContainText('по одному в секунду');
  await expectAccessible(page, 'asking for exact places');
  await dialog.getByRole('button', { name: 'Найти' }).click();
  const ended = toast(page, 'Поиск точных мест');
  await expect(ended).toContainText('Сервис адресов не знает: 1');
  const point = async () => (await office.get<{ values: { addresses: { latitude?: number }[] } }>(`/records/contact/${near.id}`)).values.addresses[0]?.latitude;
  expect(await point()).toBe(50.0045);
  await ended.getByRole('button', { name: 'Отменить' }).click();
  await expect.poll(point).toBeFalsy();

  await page.goto(`${office.url}/records/contact?look=map`);
  await page.getByRole('button', { name: 'Найти точные места' }).click();
  await expect(page.getByRole('dialog')).toContainText('сервису адресов');
});
