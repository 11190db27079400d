/** The photo of a user: set in the profile, seen by colleagues wherever his face stands, taken away by whoever keeps the users. */
import type { Page } from '@playwright/test';
import { expectAccessible } from './support/accessible';
import { Office } from './support/office';
import { drawPng } from './support/pictures';
import { card, toast } from './support/screens';
import { expect, test } from './support/test';

const office = Office.forThisFile();
const FACE = { name: 'я.png', mimeType: 'image/png', buffer: drawPng(400, 500, [120, 160, 210], [240, 205, 180]) };

function photo(page: Page) {
  return page.getByRole('region', { name: 'Фото', exact: true });
}

/** What the browser has decoded of the pictures in a place. */
async function expectSquare(page: Page, selector: string): Promise<void> {
  await expect.poll(() => page.locator(selector).first().evaluate((image: HTMLImageElement) => [image.naturalWidth, image.naturalHeight])).toEqual([192, 192]);
}

/** Gives the page a picture as the clipboard or a hand would. */
async function hand(page: Page, kind: 'paste' | 'drop', bytes: Buffer): Promise<void> {
  await photo(page).evaluate(
    (section, [name, base64]) => {
      const parts = Uint8Array.from(atob(base64), (letter) => letter.charCodeAt(0));
      const data = new DataTransfer();
      data.items.add(new File([parts], 'picture.png', { type: 'image/png' }));
      if (name === 'paste') document.dispatchEvent(new ClipboardEvent('paste', { clipboardData: data, bubbles: true, cancelable: true }));
      else section.dispatchEvent(new DragEvent('drop', { dataTransfer: data, bubbles: true, cancelable: true }));
    },
    [kind, bytes.toString('base64')] as const,
  );
}

test('a photo is set in the profile, seen by colleagues at once, and taken away in the users', async ({ page, browser }) => {
  const person = await office.createUser('employee', 'Марко Гнатюк', 'marko');
  const contact = await office.createPerson('Портретна', { managers: [person.id], visibility: 'read' });
  await office.changeContact(contact.id, { position: 'Директор' });

  // The administrator has the users open all the time.
  await office.enter(page, '/settings/users');
  const row = page.getByRole('row').filter({ hasText: 'Марко Гнатюк' });
  await expect(row).toBeVisible();
  await expect(row.locator('img')).toHaveCount(0);

  const own = await browser.newContext({ locale: 'ru-RU' });
  const mine = await own.newPage();
  await office.enter(mine, '/settings/profile', person);
  await expect(photo(mine).locator('img')).toHaveCount(0);
  const chooser = mine.waitForEvent('filechooser');
  await photo(mine).getByRole('button', { name: 'Выбрать фото' }).click();
  await (await chooser).setFiles(FACE);
  await expect(toast(mine, 'Фото сохранено')).toBeVisible();
  await expectSquare(mine, 'nav img');
  await expectAccessible(mine, 'the profile with a photo');
  const first = await photo(mine).locator('img').getAttribute('src');
  await hand(mine, 'paste', drawPng(300, 300, [60, 120, 80], [250, 230, 120]));
  await expect.poll(() => photo(mine).locator('img').getAttribute('src')).not.toBe(first);
  const second = await photo(mine).locator('img').getAttribute('src');
  await hand(mine, 'drop', FACE.buffer);
  await expect.poll(() => photo(mine).locator('img').getAttribute('src')).not.toBe(second);

  // Nothing was loaded anew here.
  await expectSquare(page, 'tr:has-text("Марко Гнатюк") img');
  await page.goto(`${office.url}/records/contact/${contact.id}`);
  await expect(card.about(page).locator('img')).not.toHaveCount(0);
  await page.goto(`${office.url}/records/contact`);
  await expect(page.getByRole('row').filter({ hasText: 'Портретна' }).locator('img')).toHaveCount(1);

  await page.goto(`${office.url}/settings/users`);
  await row.getByTitle('Изменить: Марко Гнатюк').click();
  const dialog = page.getByRole('dialog');
  await dialog.getByRole('button', { name: /^Убрать: picture/ }).click();
  await dialog.getByRole('button', { name: 'Сохранить' }).click();
  await expect(dialog).toBeHidden();
  await expect(row.locator('img')).toHaveCount(0);
  await expect(mine.locator('nav img')).toHaveCount(0);
  await own.close();
});
