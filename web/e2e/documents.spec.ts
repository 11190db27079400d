/** Files of a contact: added, looked at in the page, renamed, deleted and brought back; all of them in one list. */
import { expectAccessible } from './support/accessible';
import { Office } from './support/office';
import { card, list, toast } from './support/screens';
import { expect, test } from './support/test';

const office = Office.forThisFile();

/** One white page of A6 that says "Hello". */
const PDF = Buffer.from(
  `%PDF-1.4
1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj
2 0 obj<</Type/Pages/Kids[3 0 R]/Count 1>>endobj
3 0 obj<</Type/Page/Parent 2 0 R/MediaBox[0 0 298 420]/Contents 4 0 R/Resources<</Font<</F1 5 0 R>>>>>>endobj
4 0 obj<</Length 44>>stream
BT /F1 24 Tf 60 300 Td (Hello) Tj ET
endstream endobj
5 0 obj<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>endobj
trailer<</Root 1 0 R>>
`,
);
/** What office scanners write: one page, a dark square in the middle of a sheet, as a fax of group 4. */
const SCAN = Buffer.from(
  [
    'JVBERi0xLjQKMSAwIG9iajw8L1R5cGUvQ2F0YWxvZy9QYWdlcyAyIDAgUj4+ZW5kb2JqCjIgMCBvYmo8PC9UeXBlL1BhZ2VzL0tpZHNbMyAwIFJdL0NvdW50IDE+PmVuZG',
    '9iagozIDAgb2JqPDwvVHlwZS9QYWdlL1BhcmVudCAyIDAgUi9NZWRpYUJveFswIDAgMjAwIDIwMF0vQ29udGVudHMgNCAwIFIvUmVzb3VyY2VzPDwvWE9iamVjdDw8L0kg',
    'NSAwIFI+Pj4+Pj5lbmRvYmoKNCAwIG9iajw8L0xlbmd0aCAyNj4+c3RyZWFtCnEgMjAwIDAgMCAyMDAgMCAwIGNtIC9JIERvIFEKZW5kc3RyZWFtIGVuZG9iago1IDAgb2',
    'JqPDwvVHlwZS9YT2JqZWN0L1N1YnR5cGUvSW1hZ2UvV2lkdGggNjQvSGVpZ2h0IDY0L0NvbG9yU3BhY2UvRGV2aWNlR3JheS9CaXRzUGVyQ29tcG9uZW50IDEvRmlsdGVy',
    'L0NDSVRURmF4RGVjb2RlL0RlY29kZVBhcm1zPDwvSyAtMS9Db2x1bW5zIDY0L1Jvd3MgNjQvQmxhY2tJczEgdHJ1ZT4+L0xlbmd0aCAzND4+c3RyZWFtCiageG/////8gu',
    'N/////////////////////j/////ABABAKZW5kc3RyZWFtIGVuZG9iagp0cmFpbGVyPDwvUm9vdCAxIDAgUj4+Cg==',
  ].join(''),
  'base64',
);
const PNG = Buffer.from('iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNkYPhfDwAChwGA60e6kgAAAABJRU5ErkJggg==', 'base64');

test('files are added to a card, looked at, deleted and brought back', async ({ page }) => {
  const company = await office.createCompany('ТОВ «Архів»');
  await office.enter(page, `/records/contact/${company.id}`);
  const files = card.related(page).getByRole('list', { name: 'Файлы' });
  await expect(card.related(page).getByText('Перетащите файлы сюда или выберите их.')).toBeVisible();

  await test.step('adds four at once', async () => {
    await card.related(page).getByLabel('Добавить файлы').setInputFiles([
      { name: 'Договір.pdf', mimeType: 'application/pdf', buffer: PDF },
      { name: 'Печатка.png', mimeType: 'image/png', buffer: PNG },
      // In the encoding of Windows.
      { name: 'Лист.txt', mimeType: 'text/plain', buffer: Buffer.from([0xcf, 0xf0, 0xe8, 0xe2, 0xb3, 0xf2]) },
      { name: 'Кошторис.xlsx', mimeType: 'application/octet-stream', buffer: Buffer.from('PK') },
    ]);
    await expect(files.getByRole('button', { name: /^Открыть/ })).toHaveCount(4);
    await expect(files.getByRole('listitem').first()).toContainText('Кошторис.xlsx');
    await expectAccessible(page, 'files of a card');
  });

  await test.step('looks at each, going on with the arrows', async () => {
    await files.getByRole('button', { name: 'Открыть «Договір.pdf»' }).click();
    const dialog = page.getByRole('dialog', { name: 'Договір.pdf' });
    await expect(dialog.getByRole('img', { name: 'Страница 1 из 1' })).toHaveAttribute('data-drawn', '');
    await expectAccessible(page, 'preview of a PDF');
    await page.keyboard.press('ArrowLeft');
    await expect(page.getByRole('dialog', { name: 'Печатка.png' }).getByRole('img', { name: 'Печатка.png' })).toBeVisible();
    await page.keyboard.press('ArrowLeft');
    await expect(page.getByRole('dialog', { name: 'Лист.txt' }).getByText('Привіт')).toBeVisible();
    await page.keyboard.press('ArrowLeft');
    const last = page.getByRole('dialog', { name: 'Кошторис.xlsx' });
    await expect(last.getByText('Этот файл нельзя показать здесь. Его можно скачать.')).toBeVisible();
    const download = page.waitForEvent('download');
    await last.getByRole('link', { name: 'Скачать' }).click();
    expect((await download).suggestedFilename()).toBe('Кошторис.xlsx');
    // The keys work from the buttons, too.
    await last.getByRole('button', { name: 'Предыдущий файл' }).focus();
    await page.keyboard.press('ArrowRight');
    await expect(page.getByRole('dialog', { name: 'Лист.txt' })).toBeVisible();
    await page.keyboard.press('Escape');
    await expect(page.getByRole('dialog')).toHaveCount(0);
  });

  await test.step('deletes one and takes it back', async () => {
    await page.getByRole('button', { name: 'Файл «Лист.txt»: действия' }).click();
    await page.getByRole('menuitem', { name: 'Удалить', exact: true }).click();
    await expect(files.getByRole('button', { name: /^Открыть/ })).toHaveCount(3);
    await toast(page, 'Файл «Лист.txt» удалён').getByRole('button', { name: 'Отменить' }).click();
    await expect(files.getByRole('button', { name: /^Открыть/ })).toHaveCount(4);
  });

  await test.step('finds all files of the base in one list', async () => {
    await page.getByRole('navigation', { name: 'Разделы' }).getByRole('link', { name: 'Файлы' }).click();
    await list.search(page).fill('Печат');
    await expect(page).toHaveURL(/q=/);
    await expect(list.row(page, 'Печатка.png')).toContainText('Архів');
    await expect(list.row(page, 'Договір.pdf')).toHaveCount(0);
  });
});

test('a file that is too large or that the server does not take stays with its reason', async ({ page }) => {
  const person = await office.createPerson('Великий');
  await office.enter(page, `/records/contact/${person.id}`);
  await page.route('**/api/v1/files?*', (route) => route.abort());
  await card.related(page).getByLabel('Добавить файлы').setInputFiles({ name: 'Фото.png', mimeType: 'image/png', buffer: PNG });
  const failed = card.related(page).getByRole('alert');
  await expect(failed).toContainText('Фото.png');
  await page.unroute('**/api/v1/files?*');
  await failed.getByRole('button', { name: 'Повторить' }).click();
  await expect(card.related(page).getByRole('button', { name: 'Открыть «Фото.png»' })).toBeVisible();
  await expect(failed).toHaveCount(0);
});

test('a damaged PDF says so', async ({ page }) => {
  const person = await office.createPerson('Зіпсований');
  await office.enter(page, `/records/contact/${person.id}`);
  await card.related(page).getByLabel('Добавить файлы').setInputFiles({ name: 'Биття.pdf', mimeType: 'application/pdf', buffer: Buffer.from('не PDF') });
  await card.related(page).getByRole('button', { name: 'Открыть «Биття.pdf»' }).click();
  await expect(page.getByRole('dialog').getByRole('alert')).toContainText('Показать не удалось');
});

test('a scanned PDF shows its picture', async ({ page }) => {
  const person = await office.createPerson('Сканований');
  await office.enter(page, `/records/contact/${person.id}`);
  await card.related(page).getByLabel('Добавить файлы').setInputFiles({ name: 'Скан.pdf', mimeType: 'application/pdf', buffer: SCAN });
  await card.related(page).getByRole('button', { name: 'Открыть «Скан.pdf»' }).click();
  const sheet = page.getByRole('dialog').getByRole('img', { name: 'Страница 1 из 1' });
  await expect(sheet).toHaveAttribute('data-drawn', '');
  // Red of the middle and of a corner.
  const [middle, corner] = await sheet.evaluate((canvas: HTMLCanvasElement) => {
    const context = canvas.getContext('2d');
    const red = (share: number): number => context?.getImageData(canvas.width * share, canvas.height * share, 1, 1).data[0] ?? -1;
    return [red(0.5), red(0.05)];
  });
  expect(middle).toBeLessThan(60);
  expect(corner).toBeGreaterThan(200);
});
