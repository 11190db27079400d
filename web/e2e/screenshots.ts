/** Pictures for the documents, made of the demo base: `npm run screenshots`. */
import { mkdirSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { expect, test, type Browser, type Page } from '@playwright/test';
import { clientsFile } from './support/clients-file';
import { fillWithDemo, makeDataFolder, Server } from './support/server';
import { writeXlsx } from './support/spreadsheet';

const TARGET = fileURLToPath(new URL('../../docs/screenshots/', import.meta.url));
const CONTACTS = 5_000;
const PASSWORD = 'Подільська-17-вечір';
const DESK = { width: 1440, height: 900 };
const PHONE = { width: 390, height: 844 };

interface Shot {
  name: string;
  viewport: typeof DESK;
  colorScheme: 'light' | 'dark';
  path: string;
  ready: (page: Page) => Promise<void>;
}

interface Answer<Item> {
  items: Item[];
}

async function open(browser: Browser, server: Server, shot: Pick<Shot, 'viewport' | 'colorScheme'>): Promise<Page> {
  const { viewport, colorScheme } = shot;
  const context = await browser.newContext({ viewport, colorScheme, locale: 'ru-RU', timezoneId: 'Europe/Kyiv', reducedMotion: 'reduce' });
  const page = await context.newPage();
  const users = await page.request.post(`${server.url}/api/v1/session`, { data: { login: 'olena', password: PASSWORD } });
  if (!users.ok()) throw new Error(`the demo user could not log in: ${await users.text()}`);
  await page.request.patch(`${server.url}/api/v1/session`, { data: { language: 'ru' } });
  return page;
}

/** A company with people, one of whom has been changed, so that the card has something to tell. */
async function prepareCard(page: Page, server: Server): Promise<number> {
  const filter = encodeURIComponent('kind = "person" and parent is not empty and warmth = "hot" and position is not empty and addresses is not empty');
  const answer = await page.request.get(`${server.url}/api/v1/records/contact?limit=1&filter=${filter}`);
  const [person] = ((await answer.json()) as Answer<{ id: number }>).items;
  if (person === undefined) throw new Error('the demo base has nobody to show');
  const changes: Record<string, unknown>[] = [{ position: 'главный бухгалтер' }, { remark: 'Звонить после 14:00, счета — на почту' }, { warmth: 'warm' }, { warmth: 'hot' }];
  for (const values of changes) await page.request.patch(`${server.url}/api/v1/records/contact/${person.id}`, { data: { values } });
  return person.id;
}

async function uploadFile(page: Page, server: Server): Promise<number> {
  const answer = await page.request.post(`${server.url}/api/v1/imports?type=contact&file_name=${encodeURIComponent('клиенты.xlsx')}`, {
    data: writeXlsx(clientsFile().rows),
    headers: { 'Content-Type': 'application/octet-stream' },
  });
  return ((await answer.json()) as { id: number }).id;
}

test('the demo base has its picture taken', async ({ browser }) => {
  test.setTimeout(300_000);
  const folder = makeDataFolder();
  fillWithDemo(folder, { contacts: CONTACTS, password: PASSWORD });
  const server = await Server.start(folder);
  try {
    mkdirSync(TARGET, { recursive: true });
    const first = await open(browser, server, { viewport: DESK, colorScheme: 'light' });
    const person = await prepareCard(first, server);
    const imported = await uploadFile(first, server);
    await first.context().close();
    for (const shot of shotsOf(person, imported)) {
      const page = await open(browser, server, shot);
      await page.goto(server.url + shot.path);
      await shot.ready(page);
      await page.evaluate(async () => {
        await document.fonts.ready;
      });
      await expect(page.getByRole('status', { name: 'Загрузка' })).toHaveCount(0);
      await page.screenshot({ path: `${TARGET}${shot.name}.png` });
      await page.context().close();
    }
  } finally {
    await server.stop();
  }
});

function shotsOf(person: number, imported: number): Shot[] {
  const filter = encodeURIComponent('warmth in ("hot", "warm") and addresses is not empty');
  const list = {
    path: `/records/contact?section=clients&sort=-first_name&filter=${filter}`,
    ready: (page: Page) => expect(page.getByRole('grid').getByRole('row').nth(8)).toBeVisible(),
  };
  const card = {
    path: `/records/contact/${person}?section=clients`,
    ready: async (page: Page) => {
      await expect(page.getByText('главный бухгалтер').first()).toBeVisible();
      // The map and what belongs to the card come last; on a phone the latter stands behind a tab.
      await expect(page.getByText('Точность:')).toBeVisible();
      await expect(page.locator('aside h2').first()).toBeAttached();
      await expect(page.getByRole('complementary', { includeHidden: true }).getByText(/Компания|Коллеги/).first()).toBeAttached();
    },
  };
  const wizard = {
    path: `/import/${imported}`,
    ready: (page: Page) => expect(page.getByRole('table', { name: 'Колонки файла' })).toBeVisible(),
  };
  return [
    { name: 'list', viewport: DESK, colorScheme: 'light', ...list },
    { name: 'card', viewport: DESK, colorScheme: 'light', ...card },
    { name: 'import', viewport: DESK, colorScheme: 'light', ...wizard },
    { name: 'list-dark', viewport: DESK, colorScheme: 'dark', ...list },
    { name: 'card-dark', viewport: DESK, colorScheme: 'dark', ...card },
    { name: 'list-mobile', viewport: PHONE, colorScheme: 'light', ...list },
    { name: 'card-mobile', viewport: PHONE, colorScheme: 'light', ...card },
  ];
}
