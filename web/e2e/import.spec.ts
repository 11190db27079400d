/** The import wizard beyond the first day: address books, files that cannot be read, decisions, rows to be corrected. */
import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import type { Page } from '@playwright/test';
import { expectAccessible } from './support/accessible';
import { Office, phone } from './support/office';
import { card, list, toast } from './support/screens';
import { writeDocx, writeEncryptedOds, writeXlsx, type Rows } from './support/spreadsheet';
import { expect, test } from './support/test';

const office = Office.forThisFile();
const VCARDS = fileURLToPath(new URL('../../crates/file-formats/tests/samples/vcard/', import.meta.url));

async function upload(page: Page, name: string, buffer: Buffer): Promise<void> {
  await page.getByLabel('Выбрать файл').setInputFiles({ name, mimeType: '', buffer });
}

async function check(page: Page): Promise<void> {
  await page.getByRole('button', { name: 'Проверить файл' }).click();
  await expect(page.getByText('Прочитано строк')).toBeVisible({ timeout: 60_000 });
}

async function load(page: Page): Promise<void> {
  await page.getByRole('button', { name: 'Загрузить', exact: true }).click();
  await expect(page.getByText('Файл загружен.')).toBeVisible({ timeout: 60_000 });
}

function reportRow(page: Page, name: string): ReturnType<Page['getByRole']> {
  return page
    .getByRole('table', { name: 'Итог импорта' })
    .getByRole('row')
    .filter({ has: page.getByRole('rowheader', { name, exact: true }) })
    .getByRole('cell');
}

test('an address book of a telephone goes in without a mapping', async ({ page }) => {
  await office.enter(page, '/import');
  await upload(page, 'John_Doe_IPHONE.vcf', await readFile(`${VCARDS}John_Doe_IPHONE.vcf`));
  const steps = page.getByRole('navigation', { name: 'Шаги импорта' });
  await expect(steps).toContainText('Проверка');
  await expect(steps).not.toContainText('Колонки');
  await check(page);
  await load(page);
  await expect(reportRow(page, 'Создано')).toHaveText('1');
  await page.goto(`${office.url}/records/contact?section=clients&q=Doe`);
  await list.grid(page).getByRole('row').nth(1).getByRole('link').click();
  const panel = page.getByRole('complementary').filter({ has: page.getByRole('button', { name: 'Закрыть карточку' }) });
  for (const text of ['john.doe@ibm.com', 'Money Counter', 'IBM', 'New York']) await expect(panel).toContainText(text);
});

const UNREADABLE: readonly { what: string; file: string; content: () => Buffer; message: string }[] = [
  {
    what: 'a damaged workbook',
    file: 'клиенты.xlsx',
    content: () => writeXlsx([['Фамилия'], ['Шевчук']]).subarray(0, 700),
    message: 'Файл повреждён и не читается. Сохраните его заново и загрузите ещё раз.',
  },
  {
    what: 'a file with a password',
    file: 'клиенты.ods',
    content: writeEncryptedOds,
    message: 'Файл защищён паролем. Снимите пароль и загрузите ещё раз.',
  },
  {
    what: 'a document that is no table',
    file: 'договор.xlsx',
    content: writeDocx,
    message: 'Такие файлы не читаются. Подойдут XLSX, XLS, ODS, CSV и vCard.',
  },
  { what: 'an empty file', file: 'пусто.csv', content: () => Buffer.alloc(0), message: 'В файле нет ни одной строки с данными.' },
];

for (const { what, file, content, message } of UNREADABLE) {
  test(`${what} is refused in words`, async ({ page }) => {
    await office.enter(page, '/import');
    await upload(page, file, content());
    await expect(page.getByRole('alert')).toContainText(message);
    await expect(page.getByText('Перетащите файл сюда')).toBeVisible();
  });
}

test('rows that resemble a card wait for a decision', async ({ page }) => {
  const names = ['Рішенко Оновити', 'Рішенко Пропустити', 'Рішенко Поділити'];
  const known = [];
  for (const [index, name] of names.entries()) known.push(await office.createPerson(name, { channels: [phone(`067 600 00 0${index}`)] }));
  const rows: Rows = [
    ['Фамилия', 'Телефон', 'Должность'],
    ['Новенька', '067 600 00 00', 'лікарка'],
    ['Новенький', '067 600 00 01', 'лікар'],
    ['Сестра', '067 600 00 02', 'акушерка'],
  ];
  await office.enter(page, '/import');
  await upload(page, 'збіги.xlsx', writeXlsx(rows));
  await check(page);
  const table = page.getByRole('table', { name: 'Нужно решение' });
  await expect(table.getByRole('row')).toHaveCount(4);
  await expect(table.getByRole('link', { name: 'Рішенко Оновити' })).toBeVisible();
  await expect(table.getByRole('row').nth(1)).toContainText('Новенька');
  await expect(table.getByRole('row').nth(1)).toContainText('уже в базе, совпадает: телефон');
  await expect(table.getByRole('row').nth(1)).toContainText('Телефон +380 67 600 00 00');
  await page.getByRole('group', { name: 'Решение для всех' }).getByRole('button', { name: 'Обновить все' }).click();
  const answers = (row: number): ReturnType<Page['getByRole']> => page.getByRole('group', { name: `Решение по строке ${row}` });
  const answer = (row: number, choice: string): ReturnType<Page['getByRole']> => answers(row).getByRole('radio', { name: choice });
  await expect(answer(2, 'Обновить')).toBeChecked();
  await answers(3).getByText('Пропустить').click();
  await expect(answer(3, 'Пропустить')).toBeChecked();
  await answers(4).getByText('Создать').click();
  await expect(answer(4, 'Создать')).toBeChecked();

  // A step back and forth, and a reload, lose no answer.
  await page.getByRole('button', { name: 'Назад к колонкам' }).click();
  await page.getByRole('button', { name: 'К проверке' }).click();
  await page.reload();
  await expect(answer(3, 'Пропустить')).toBeChecked();

  await load(page);
  await expect(reportRow(page, 'Создано')).toHaveText('1');
  await expect(reportRow(page, 'Обновлено')).toHaveText('1');
  await expect(reportRow(page, 'Пропущено')).toHaveText('1');
  await page.goto(`${office.url}/records/contact/${known[0]?.id ?? 0}`);
  await expect(card.about(page)).toContainText('лікарка');
});

test('failed rows come back as a file that can be corrected', async ({ page }) => {
  await office.enter(page, '/import');
  await upload(page, 'помилки.xlsx', writeXlsx([['Фамилия', 'Телефон'], ['Добренко', '067 700 10 10'], ['Поганенко', 'зранку']]));
  await check(page);
  await load(page);
  await expect(reportRow(page, 'С ошибками')).toHaveText('1');
  const download = page.waitForEvent('download');
  await page.getByRole('link', { name: 'Скачать CSV' }).click();
  const text = await readFile(await (await download).path(), 'utf8');
  expect(text).toContain('Поганенко');
  expect(text).toContain('не номер телефона');
  expect(text).not.toContain('Добренко');

  await page.getByRole('button', { name: 'Загрузить ещё файл' }).click();
  await upload(page, 'исправлено.csv', Buffer.from(text.replaceAll('зранку', '067 700 20 20')));
  await check(page);
  await expect(page.getByText('Ошибок нет, решать нечего. Можно загружать.')).toBeVisible();
  await load(page);
  await expect(reportRow(page, 'Создано')).toHaveText('1');
});

test('rows without a decision wait after the end of the import and are loaded later', async ({ page }) => {
  for (const [index, name] of ['Черговий Повний', 'Черговий Другий'].entries()) {
    await office.createPerson(name, { position: 'юрист', channels: [phone(`067 610 00 0${index}`)] });
  }
  await office.enter(page, '/import');
  await upload(
    page,
    'черга.xlsx',
    writeXlsx([
      ['Фамилия', 'Телефон', 'Почта', 'Должность'],
      ['Черга', '067 610 00 00', 'cherha@example.com', 'лікарка'],
      ['Чергова', '067 610 00 01', '', 'лікар'],
      ['Чергенко', '067 610 00 09', '', ''],
    ]),
  );
  await check(page);
  await load(page);
  await expect(reportRow(page, 'Пропущено')).toHaveText('2');
  const queue = page.getByRole('region', { name: 'Строки, ждущие решения' });
  await expect(queue.getByText('2 строки ждут решения')).toBeVisible();
  const button = queue.getByRole('button', { name: 'Загрузить решённые' });
  await expect(button).toHaveAttribute('aria-disabled', 'true');
  await queue.getByRole('group', { name: 'Решение по строке 2' }).getByText('Дополнить').click();
  await expectAccessible(page, 'queue of an import');
  await button.click();
  await expect(queue.getByText('1 строка ждёт решения')).toBeVisible();
  await expect(queue.getByRole('table')).not.toContainText('cherha');
  await expect(reportRow(page, 'Обновлено')).toHaveText('1');
  // Filled, not overwritten: the position stands, the e-mail came.
  await page.goto(`${office.url}/records/contact?columns=name,position&q=${encodeURIComponent('cherha@example.com')}`);
  await expect(page.getByRole('row', { name: /Черговий Повний/ })).toContainText('юрист');

  await test.step('later, with one answer for all', async () => {
    await page.goto(`${office.url}/import`);
    await expect(page.getByRole('row', { name: /черга/ })).toContainText('решить: 1');
    await page.getByRole('link', { name: 'черга.xlsx' }).click();
    await queue.getByRole('button', { name: 'Пропустить все' }).click();
    await button.click();
    await expect(queue).toHaveCount(0);
    await expect(reportRow(page, 'Пропущено')).toHaveText('1');
  });

  await test.step('and taken back with the import, by one press', async () => {
    await page.getByRole('button', { name: 'Отменить импорт' }).click();
    const dialog = page.getByRole('dialog');
    await expect(dialog).toContainText('Вместе с ним отменится загруженное по решениям: 1 карточка.');
    await dialog.getByRole('button', { name: /^Отменить: / }).click();
    await expect(toast(page, 'Отменено')).toBeVisible();
    await expect(page.getByText('Импорт отменён: созданное удалено в корзину')).toBeVisible();
    await page.goto(`${office.url}/records/contact?columns=name,position&q=${encodeURIComponent('cherha@example.com')}`);
    await expect(page.getByText('Ничего не нашлось')).toBeVisible();
  });
});

test('bad cells can be left behind from the page of the check', async ({ page }) => {
  const rows: Rows = [
    ['Фамилия', 'Телефон', 'Phone 1 - Type', 'Phone 1 - Value', 'Имя', 'Имя'],
    ['Клітиненко', '067 710 10 10', 'Work', '067 710 10 11', 'Оля', ''],
    ['Кривенко', 'увечері', '', '', 'Іван', ''],
    ['Двійник', '067 710 10 10', '', '', 'Рая', ''],
  ];
  await office.enter(page, '/import');
  await upload(page, 'клітинки.xlsx', writeXlsx(rows));
  const table = page.getByRole('table', { name: 'Колонки файла' });
  await expect(table.getByLabel('Поле для колонки «Phone 1 - Type»')).toHaveValue('Телефон 1 — подпись');
  await expect(table).not.toContainText('Поле занято');
  await check(page);
  const decision = page.getByRole('table', { name: 'Нужно решение' });
  await expect(decision).toContainText('Двійник');
  await expect(decision).toContainText('Уже есть в этом файле (строка 2)');
  await page.getByRole('button', { name: 'Загрузить и эти строки' }).click();
  await expect(page.getByRole('button', { name: 'Загрузить и эти строки' })).toHaveCount(0);
  await expect(page.getByText('Прочитано строк')).toBeVisible({ timeout: 60_000 });
  await load(page);
  await expect(reportRow(page, 'Создано')).toHaveText('2');
  await expect(reportRow(page, 'С ошибками')).toHaveText('0');
});

test('the wizard takes a mapping by hand and remembers what was chosen', async ({ page }) => {
  const rows: Rows = [
    ['Хто', 'Куди дзвонити', 'Нотатка'],
    ['Мапенко', '067 800 10 10', 'після обіду'],
  ];
  await office.enter(page, '/import');
  await upload(page, 'свій.xlsx', writeXlsx(rows));
  const table = page.getByRole('table', { name: 'Колонки файла' });
  // Fields are found by typing and chosen by the keyboard alone, or by a press.
  const target = (column: string): ReturnType<Page['getByRole']> => table.getByRole('combobox', { name: `Поле для колонки «${column}»` });
  await target('Хто').fill('фамил');
  await target('Хто').press('Enter');
  await target('Куди дзвонити').click();
  await page.getByRole('group', { name: 'Телефон' }).getByRole('option', { name: 'Телефон: мобильный' }).click();
  await target('Нотатка').fill('примеч');
  await target('Нотатка').press('Enter');
  await expect(page.getByRole('complementary', { name: 'Как это запишется' })).toContainText('Мапенко');
  await expect(page.getByRole('complementary', { name: 'Как это запишется' })).toContainText('+380 67 800 10 10');
  await check(page);
  await load(page);

  await page.getByRole('button', { name: 'Загрузить ещё файл' }).click();
  await upload(page, 'свій-2.xlsx', writeXlsx([...rows.slice(0, 1), ['Мапчук', '067 800 20 20', '']]));
  await expect(target('Хто')).toHaveValue('Фамилия');
  await expect(target('Нотатка')).toHaveValue('Примечание');
});

test('a large import can be stopped, and what was written can be taken back', async ({ page }) => {
  test.setTimeout(300_000);
  const rows = Array.from({ length: 20_000 }, (_, index) => [`Зупиненко ${index}`, `+38050${String(1_000_000 + index)}`]);
  await office.enter(page, '/import');
  await upload(page, 'великий.xlsx', writeXlsx([['Фамилия', 'Телефон'], ...rows]));
  await page.getByRole('button', { name: 'Проверить файл' }).click();
  await page.getByRole('main').getByRole('button', { name: 'Остановить' }).click();
  await expect(page.getByText('Проверка остановлена.')).toBeVisible();
  await page.getByRole('button', { name: 'Проверить файл' }).click();
  await expect(page.getByText('Прочитано строк')).toBeVisible({ timeout: 120_000 });
  await page.getByRole('button', { name: 'Загрузить', exact: true }).click();
  const progress = page.getByRole('main').getByRole('progressbar');
  await expect.poll(async () => Number(await progress.getAttribute('aria-valuenow')), { timeout: 60_000 }).toBeGreaterThan(0);
  await page.getByRole('main').getByRole('button', { name: 'Остановить' }).click();
  await expect(page.getByText('Загрузка остановлена.')).toBeVisible({ timeout: 60_000 });
  const created = Number((await reportRow(page, 'Создано').innerText()).replaceAll(/\D/g, ''));
  expect(created).toBeGreaterThan(0);
  expect(created).toBeLessThan(rows.length);
  await page.getByRole('button', { name: 'Отменить импорт' }).click();
  await page.getByRole('dialog').getByRole('button', { name: /^Отменить: / }).click();
  await expect(page.getByText('Импорт отменён: созданное удалено в корзину')).toBeVisible({ timeout: 60_000 });
  await page.goto(`${office.url}/records/contact?q=${encodeURIComponent('Зупиненко')}`);
  await expect(page.getByText('Ничего не нашлось')).toBeVisible();
});
