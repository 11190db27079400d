/** The photo of a person, the logo of a company. */
import { Office } from './support/office';
import { drawPng } from './support/pictures';
import { card, list, toast } from './support/screens';
import { expect, test } from './support/test';

const office = Office.forThisFile();

const FACE = { name: 'лицо.png', mimeType: 'image/png', buffer: drawPng(400, 500, [120, 160, 210], [240, 205, 180]) };
const OTHER = { name: 'другое.png', mimeType: 'image/png', buffer: drawPng(300, 300, [60, 120, 80], [250, 230, 120]) };

test('a photo is chosen on the card, shown in the list, replaced, removed and brought back', async ({ page }) => {
  const person = await office.createPerson('Портретна', { first_name: 'Олена' });
  await office.enter(page, `/records/contact/${person.id}`);
  const about = card.about(page);
  const chooser = page.waitForEvent('filechooser');
  await about.getByRole('button', { name: 'Добавить фото' }).click();
  await (await chooser).setFiles(FACE);
  await expect(toast(page, 'Сохранено: Фото или логотип')).toBeVisible();
  const face = about.getByRole('button', { name: /^Фото: / });
  const source = (): Promise<string | null> => face.locator('img').getAttribute('src');
  await expect.poll(() => face.locator('img').evaluate((image: HTMLImageElement) => [image.naturalWidth, image.naturalHeight])).toEqual([200, 250]);
  const first = await source();

  await face.click();
  await page.getByRole('menuitem', { name: 'Посмотреть' }).click();
  await expect(page.getByRole('dialog').getByRole('img', { name: /^Фото: / })).toBeVisible();
  await page.keyboard.press('Escape');

  await face.click();
  const again = page.waitForEvent('filechooser');
  await page.getByRole('menuitem', { name: 'Заменить' }).click();
  await (await again).setFiles(OTHER);
  await expect.poll(source).not.toBe(first);

  await page.goto(`${office.url}/records/contact`);
  const row = list.row(page, person.title);
  await expect.poll(() => row.locator('img').evaluate((image: HTMLImageElement) => image.naturalWidth)).toBe(200);

  await page.goto(`${office.url}/records/contact/${person.id}`);
  await face.click();
  await page.getByRole('menuitem', { name: 'Убрать' }).click();
  await expect(about.getByRole('button', { name: 'Добавить фото' })).toBeVisible();
  await toast(page, 'Сохранено: Фото или логотип').getByRole('button', { name: 'Отменить' }).click();
  await expect(face.locator('img')).toBeVisible();
  await expect(card.history(page).getByRole('img', { name: 'лицо.jpg' }).first()).toBeVisible();
});

test('a picture is dropped on the face; what is no picture or too large is refused in words', async ({ page }) => {
  const company = await office.createCompany('ТОВ «Логотип»');
  await office.enter(page, `/records/contact/${company.id}`);
  const about = card.about(page);
  const add = about.getByRole('button', { name: 'Добавить фото' });

  const refuse = async (file: { name: string; mimeType: string; buffer: Buffer }, text: string): Promise<void> => {
    const chooser = page.waitForEvent('filechooser');
    await add.click();
    await (await chooser).setFiles(file);
    await expect(toast(page, text)).toBeVisible();
  };
  await refuse({ name: 'счёт.png', mimeType: 'image/png', buffer: Buffer.from('%PDF-1.7') }, 'Это не фото');
  await refuse({ name: 'большое.jpg', mimeType: 'image/jpeg', buffer: Buffer.alloc(1024 * 1024 + 1) }, 'Файл больше 1 МБ');

  const bytes = [...OTHER.buffer];
  const transfer = await page.evaluateHandle((numbers) => {
    const data = new DataTransfer();
    data.items.add(new File([new Uint8Array(numbers)], 'логотип.png', { type: 'image/png' }));
    return data;
  }, bytes);
  await add.dispatchEvent('dragover', { dataTransfer: transfer });
  await add.dispatchEvent('drop', { dataTransfer: transfer });
  await expect(toast(page, 'Сохранено: Фото или логотип')).toBeVisible();
  await expect(about.getByRole('button', { name: /^Фото: / }).locator('img')).toBeVisible();
});

test('an administrator adds a field for pictures, and a picture stands on the card', async ({ page }) => {
  const person = await office.createPerson('Вітринна');
  await office.enter(page, '/settings/fields');
  await page.getByRole('button', { name: 'Новое поле' }).click();
  const dialog = page.getByRole('dialog', { name: 'Новое поле' });
  await dialog.getByRole('textbox', { name: 'Название: Русский' }).fill('Вывеска');
  await dialog.getByLabel('Вид', { exact: true }).selectOption('file');
  await dialog.getByRole('checkbox', { name: 'Только картинки' }).check();
  await dialog.getByLabel('Размер картинки').selectOption('800');
  await dialog.getByRole('button', { name: 'Добавить поле' }).click();
  await expect(toast(page, 'Поле добавлено: Вывеска')).toBeVisible();

  await page.goto(`${office.url}/records/contact/${person.id}`);
  await page.getByRole('button', { name: /Показать .* пуст/ }).click();
  await card.edit(page, 'Вывеска').click();
  const file = card.about(page).locator('input[type=file]').last();
  await file.setInputFiles({ name: 'нота.txt', mimeType: 'text/plain', buffer: Buffer.from('не картинка') });
  await expect(page.getByRole('alert').filter({ hasText: 'Это не фото' })).toBeVisible();
  await file.setInputFiles(FACE);
  await expect(card.about(page).getByText('лицо.jpg')).toBeVisible();
  await card.about(page).getByRole('button', { name: 'Сохранить' }).click();
  await expect(toast(page, 'Сохранено: Вывеска')).toBeVisible();
  const picture = card.about(page).locator('img[src*="/files/"]').last();
  await expect.poll(() => picture.evaluate((image: HTMLImageElement) => [image.naturalWidth, image.naturalHeight])).toEqual([400, 500]);
});
