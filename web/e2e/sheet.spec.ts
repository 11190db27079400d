/** The list as a spreadsheet (VW02): ranges, copy and paste, fill, undo, and cells that are not taken. */
import type { Locator, Page } from '@playwright/test';
import { Office } from './support/office';
import { toast } from './support/screens';
import { expect, test } from './support/test';

const office = Office.forThisFile();

function sheetPath(prefix: string): string {
  const filter = encodeURIComponent(`last_name starts with "${prefix}"`);
  return `/records/contact?look=sheet&sort=last_name&filter=${filter}&columns=name,last_name,position,birthday,warmth,parent,channels`;
}

/** A cell of the sheet by its record and the head of its column. */
async function cell(page: Page, row: number, head: string): Promise<Locator> {
  await expect(page.getByRole('columnheader', { name: head })).toBeVisible();
  const heads = await page.getByRole('columnheader').allInnerTexts();
  return page.getByRole('grid').getByRole('row').nth(row).getByRole('gridcell').nth(heads.findIndex((text) => text.trim() === head));
}

async function people(prefix: string, count: number): Promise<{ id: number }[]> {
  const made: { id: number }[] = [];
  for (let at = 1; at <= count; at += 1) made.push(await office.createPerson(`${prefix} ${at}`));
  return made;
}

/** What another program put on the clipboard. */
async function pasteText(page: Page, text: string): Promise<void> {
  await page.getByRole('grid').evaluate((grid, pasted) => {
    const data = new DataTransfer();
    data.setData('text/plain', pasted);
    grid.dispatchEvent(new ClipboardEvent('paste', { clipboardData: data, bubbles: true, cancelable: true }));
  }, text);
}

async function stored(id: number): Promise<Record<string, unknown>> {
  return (await office.get<{ values: Record<string, unknown> }>(`/records/contact/${id}`)).values;
}

test('a paste from another program is read, and one undo takes all of it back', async ({ page }) => {
  const made = await people('Вставка', 3);
  const firm = await office.createCompany('ТОВ «Аркуш»');
  await office.enter(page, sheetPath('Вставка'));
  await (await cell(page, 1, 'Должность')).click();
  await pasteText(page, 'швец\t22.03.1980\tГорячий\tТОВ «Аркуш»\t067 440 12 85\r\nмуляр\t1.5.1979\tтёплый\t\tben@example.com\r\n');
  await expect(toast(page, 'Изменено 10 ячеек')).toBeVisible();
  await expect(await cell(page, 1, 'День рождения')).toContainText('22.03.1980');
  expect(await stored(made[0]?.id ?? 0)).toMatchObject({ position: 'швец', birthday: '1980-03-22', warmth: 'hot', parent: { id: firm.id } });
  expect(await stored(made[1]?.id ?? 0)).toMatchObject({ position: 'муляр', birthday: '1979-05-01', warmth: 'warm' });

  await page.getByRole('grid').focus();
  await page.keyboard.press('Control+z');
  await expect(await cell(page, 1, 'Должность')).toContainText('—');
  // What it offered is done: the message must not offer it again. It would stay for longer than this by itself.
  await expect(toast(page, 'Изменено 10 ячеек')).toHaveCount(0, { timeout: 2_000 });
  expect(await stored(made[1]?.id ?? 0)).not.toHaveProperty('warmth');
});

test('a cell that is not taken keeps its text until it is mended', async ({ page }) => {
  const made = await people('Отказ', 2);
  await office.enter(page, sheetPath('Отказ'));
  await (await cell(page, 1, 'Должность')).click();
  await pasteText(page, 'швец\tкогда-нибудь\nмуляр\t01.05.1979');
  const refused = await cell(page, 1, 'День рождения');
  await expect(refused).toHaveAttribute('aria-invalid', 'true');
  await expect(refused).toContainText('когда-нибудь');
  await expect(page.getByRole('alert')).toContainText('1 ячейка не принята');
  expect(await stored(made[0]?.id ?? 0)).toMatchObject({ position: 'швец' });
  expect(await stored(made[1]?.id ?? 0)).toMatchObject({ birthday: '1979-05-01' });

  await page.getByRole('button', { name: 'Показать' }).click();
  await page.keyboard.press('F2');
  const input = refused.getByRole('textbox', { name: 'День рождения' });
  await expect(input).toHaveValue('когда-нибудь');
  await input.fill('2.6.1981');
  await input.press('Enter');
  await expect(refused).not.toHaveAttribute('aria-invalid', 'true');
  await expect(refused).toContainText('02.06.1981');
});

test('typing, moving, filling down and clearing need no mouse', async ({ page }) => {
  const made = await people('Клавиши', 3);
  await office.enter(page, sheetPath('Клавиши'));
  await page.getByRole('grid').press('Home');
  await page.keyboard.press('ArrowRight');
  await page.keyboard.press('ArrowRight');
  await page.keyboard.type('beekeeper');
  await page.keyboard.press('Enter');
  await expect(await cell(page, 1, 'Должность')).toContainText('beekeeper');
  await expect(toast(page, 'Изменена 1 ячейка')).toBeVisible();

  await page.keyboard.press('ArrowUp');
  await page.keyboard.press('Shift+ArrowDown');
  await page.keyboard.press('Shift+ArrowDown');
  await expect(page.getByText('Выбрано 3 × 1')).toBeVisible();
  await page.keyboard.press('Control+d');
  await expect(await cell(page, 3, 'Должность')).toContainText('beekeeper');
  // The cell shows it before the server has it.
  await expect.poll(() => stored(made[2]?.id ?? 0)).toMatchObject({ position: 'beekeeper' });

  await page.keyboard.press('Delete');
  await expect(await cell(page, 3, 'Должность')).toContainText('—');
  await page.keyboard.press('Control+z');
  await expect(await cell(page, 3, 'Должность')).toContainText('beekeeper');
});

test('what is copied here is that very record when it is pasted', async ({ page, context }) => {
  await context.grantPermissions(['clipboard-read', 'clipboard-write']);
  const [first, second] = await people('Копия', 2);
  const firms = [await office.createCompany('ТОВ «Тёзка»'), await office.createCompany('ТОВ «Тёзка»')];
  await office.changeContact(first?.id ?? 0, { parent: firms[1]?.id });
  await office.enter(page, sheetPath('Копия'));
  await (await cell(page, 1, 'Компания')).click({ position: { x: 4, y: 4 } });
  await page.keyboard.press('Control+c');
  await expect(toast(page, 'Скопирована 1 ячейка')).toBeVisible();
  expect(await page.evaluate(() => navigator.clipboard.readText())).toBe('ТОВ «Тёзка»');
  await page.keyboard.press('ArrowDown');
  await page.keyboard.press('Control+v');
  await expect(toast(page, 'Изменена 1 ячейка')).toBeVisible();
  expect(await stored(second?.id ?? 0)).toMatchObject({ parent: { id: firms[1]?.id } });
});

test('the look of the list is chosen beside it and stays in the address', async ({ page }) => {
  await office.createPerson('Вид');
  await office.enter(page, '/records/contact');
  await page.getByRole('radio', { name: 'Таблица, как в Excel' }).check({ force: true });
  await expect(page).toHaveURL(/look=sheet/);
  await expect(page.getByText('Ctrl+D – заполнить вниз')).toBeVisible();
  await page.reload();
  await expect(page.getByRole('radio', { name: 'Таблица, как в Excel' })).toBeChecked();
  await page.getByRole('radio', { name: 'Список' }).check({ force: true });
  await expect(page).not.toHaveURL(/look=/);
});

test('a right click on a row of the sheet opens its menu, and the cells stay chosen', async ({ page }) => {
  await people('Меню', 2);
  await office.enter(page, sheetPath('Меню'));
  await (await cell(page, 1, 'Должность')).click();
  await page.keyboard.press('Shift+ArrowDown');
  await (await cell(page, 2, 'Должность')).click({ button: 'right' });
  await expect(page.getByRole('menuitem', { name: 'Открыть в новой вкладке' })).toBeVisible();
  await page.keyboard.press('Escape');
  await expect(page.getByText('Выбрано 2 × 1')).toBeVisible();
});

test('a late answer of one cell leaves the next one open, and a mended cell shows what it has now', async ({ page }) => {
  const [first] = await people('Пізня', 2);
  await office.enter(page, sheetPath('Пізня'));
  let release: () => void = () => undefined;
  const released = new Promise<void>((resolve) => {
    release = resolve;
  });
  await page.route('**/api/v1/records/contact/*', async (route) => {
    if (route.request().method() === 'PATCH') await released;
    await route.continue();
  });
  await (await cell(page, 1, 'Теплота')).dblclick();
  await page.getByRole('combobox', { name: 'Теплота' }).selectOption({ label: 'Горячий' });
  await (await cell(page, 2, 'Должность')).click();
  await page.keyboard.type('ab');
  release();
  await expect(await cell(page, 1, 'Теплота')).toContainText('Горячий');
  await page.keyboard.type('cd');
  await page.keyboard.press('Enter');
  await expect(await cell(page, 2, 'Должность')).toContainText('abcd');

  await (await cell(page, 1, 'Компания')).click({ position: { x: 4, y: 4 } });
  await pasteText(page, 'ТОВ «Якого немає»');
  await expect(await cell(page, 1, 'Компания')).toContainText('ТОВ «Якого немає»');
  const firm = await office.createCompany('ТОВ «Яке є»');
  await office.changeContact(first?.id ?? 0, { parent: firm.id });
  await expect(await cell(page, 1, 'Компания')).toContainText('ТОВ «Яке є»');
});

test('a paste below the last row makes new records, and the empty row takes one typed by hand', async ({ page }) => {
  const made = await people('Нижній', 1);
  await office.enter(page, sheetPath('Нижній'));
  const rows = page.getByRole('grid').getByRole('row');
  await expect(rows).toHaveCount(3);
  await (await cell(page, 1, 'Фамилия')).click();
  await pasteText(page, 'Нижній Один\tкравець\r\nНижній Два\tковаль\r\nНижній Три\tмуляр\r\n');
  await expect(toast(page, 'Изменено 6 ячеек')).toBeVisible();
  await expect(rows).toHaveCount(5);
  await expect(await cell(page, 3, 'Должность')).toContainText('муляр');
  expect(await stored(made[0]?.id ?? 0)).toMatchObject({ last_name: 'Нижній Один', position: 'кравець' });

  await test.step('what it must have is said at its cell, and nothing is made', async () => {
    await (await cell(page, 4, 'Должность')).click();
    await page.keyboard.press('F2');
    await page.keyboard.type('столяр');
    await page.keyboard.press('Enter');
    await expect(page.getByRole('alert')).toContainText('Фамилия: Заполните это поле.');
    await expect(await cell(page, 4, 'Должность')).toContainText('столяр');
    await (await cell(page, 4, 'Фамилия')).click();
    await page.keyboard.press('F2');
    await page.keyboard.type('Нижній Чотири');
    await page.keyboard.press('Enter');
    await expect(page.getByRole('alert')).toHaveCount(0);
    await expect(rows).toHaveCount(6);
    await expect(await cell(page, 4, 'Должность')).toContainText('столяр');
  });

  await test.step('each is one operation with one undo', async () => {
    await page.getByRole('grid').focus();
    await page.keyboard.press('Control+z');
    await expect(rows).toHaveCount(5);
    await page.keyboard.press('Control+z');
    await expect(rows).toHaveCount(3);
    await expect(await cell(page, 1, 'Должность')).toContainText('—');
  });
});

async function type(page: Page, text: string, end: string): Promise<void> {
  await page.keyboard.press('F2');
  await expect(page.getByRole('grid').getByRole('textbox')).toBeFocused();
  await page.keyboard.press('Control+a');
  await page.keyboard.type(text);
  await page.keyboard.press(end);
}

async function standing(prefix: string): Promise<Record<string, unknown>[]> {
  const filter = encodeURIComponent(`last_name starts with "${prefix}"`);
  return (await office.get<{ items: { values: Record<string, unknown> }[] }>(`/records/contact?filter=${filter}`)).items.map(({ values }) => values);
}

test('a new row that is on its way takes further texts, and becomes one record', async ({ page }) => {
  await people('Повільний', 1);
  await office.enter(page, sheetPath('Повільний'));
  await expect(page.getByRole('grid').getByRole('row')).toHaveCount(3);
  let release = (): void => undefined;
  const isReleased = new Promise<void>((resolve) => (release = resolve));
  let sent = 0;
  await page.route('**/cells', async (route) => {
    sent += 1;
    await isReleased;
    await route.continue();
  });
  await (await cell(page, 2, 'Фамилия')).click();
  await type(page, 'Повільний Ів', 'Enter');
  await expect.poll(() => sent).toBe(1);
  await type(page, 'Повільний Іван', 'Enter');
  await (await cell(page, 2, 'Должность')).click();
  await type(page, 'пічник', 'Enter');
  release();
  await expect.poll(() => sent).toBe(3);
  await expect.poll(() => standing('Повільний Ів')).toMatchObject([{ last_name: 'Повільний Іван', position: 'пічник' }]);
  await expect(page.getByRole('alert')).toHaveCount(0);
  await expect(page.getByRole('grid').getByRole('row')).toHaveCount(4);
  await expect(await cell(page, 2, 'Фамилия')).toContainText('Повільний Іван');
});

test('a new row whose answer was lost is not made a second time', async ({ page }) => {
  await people('Загублений', 1);
  await office.enter(page, sheetPath('Загублений'));
  await expect(page.getByRole('grid').getByRole('row')).toHaveCount(3);
  await page.route('**/cells', async (route) => {
    await route.fetch();
    await route.abort();
  }, { times: 1 });
  await (await cell(page, 2, 'Фамилия')).click();
  await type(page, 'Загублений Яр', 'Enter');
  await expect(page.getByRole('grid').getByTitle(/Нет связи|связ/).or(page.getByRole('alert')).first()).toBeVisible();
  await type(page, 'Загублений Ярема', 'Enter');
  await expect.poll(() => standing('Загублений Яр')).toMatchObject([{ last_name: 'Загублений Ярема' }]);
  await expect(page.getByRole('grid').getByRole('row')).toHaveCount(4);
});

test('a cell that somebody else changed shows both texts, and the person chooses', async ({ page }) => {
  const [one] = await people('Спір', 1);
  await office.enter(page, sheetPath('Спір'));
  await (await cell(page, 1, 'Должность')).click();
  // He is faster: his change comes while this request is on its way.
  await page.route('**/cells', async (route) => {
    await office.patch(`/records/contact/${one?.id ?? 0}`, { values: { position: 'чуже' } });
    await route.continue();
  }, { times: 1 });
  await page.keyboard.press('F2');
  await page.keyboard.type('моє');
  await page.keyboard.press('Enter');
  const status = page.getByRole('alert');
  await expect(status).toContainText('Ваше: моє. Чужое: чуже.');
  await status.getByRole('button', { name: 'Оставить моё' }).click();
  await expect(status).toHaveCount(0);
  await expect.poll(async () => (await stored(one?.id ?? 0)).position).toBe('моє');
});
