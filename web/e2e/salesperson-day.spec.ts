/** The first day of a salesperson with a large base: import, duplicates, a group by a rule, a mass change, its undo, and a look back. */
import { Office } from './support/office';
import { card, field, list, toast } from './support/screens';
import { expect, test } from './support/test';

const office = Office.forThisFile();

const ROWS = 20_000;
/** Every fourth lives here. */
const CITY = 'Львів';
const IN_CITY = ROWS / 4;
/** Twice in the file: the same mailbox, told by its mail service under two addresses. */
const TWINS = 10;
/** A debug build on a small machine. */
const LONG = { timeout: 240_000 };

const LAST_NAMES = ['Шевчук', 'Бондаренко', 'Ткаченко', 'Ковальчук', 'Олійник', 'Мельник', 'Поліщук', 'Гончаренко', 'Савченко', 'Руденко'];
/** As many as there are twins, and like nobody else's. */
const TWIN_NAMES = ['Аксьоненко', 'Височанський', 'Дзюба', 'Жовтобрюх', 'Крижанівський', 'Лобода', 'Нечуй', 'Перебийніс', 'Тягнибіда', 'Хмельницький'];
/** For the digits of a number: two numbers never differ by one letter only. */
const SYLLABLES = ['ба', 'ве', 'гі', 'до', 'жу', 'за', 'ки', 'ло', 'му', 'не'];
const CITIES = ['Київ', CITY, 'Одеса', 'Харків'];

/** Every name is one of its own, so that only the twins look alike. */
function csv(): Buffer {
  const lines = ['Фамилия;Имя;Мобильный телефон;E-mail;Город;Должность'];
  for (let at = 0; at < ROWS; at += 1) {
    const twin = at < TWINS * 2;
    const person = twin ? Math.floor(at / 2) : at;
    const name = [...String(person)].map((digit) => SYLLABLES[Number(digit)]).join('');
    const mail = twin ? `twin${person}${at % 2 === 0 ? '' : '+crm'}@gmail.com` : `p${at}@example.com`;
    const last = twin ? (TWIN_NAMES[person] ?? '') : `${LAST_NAMES[person % 10] ?? ''}-${name}`;
    lines.push(`${last};${twin ? 'Ярина' : 'Тарас'};067${String(1_000_000 + at * 7)};${mail};${CITIES[at % 4] ?? ''};менеджер`);
  }
  return Buffer.from(lines.join('\r\n'), 'utf8');
}

async function countOf(filter: string): Promise<number> {
  return (await office.get<{ count: number }>(`/records/contact/count?exact=true&filter=${encodeURIComponent(filter)}`)).count;
}

test('20,000 rows come in, are cleaned, grouped, changed and brought back', async ({ page }) => {
  test.setTimeout(900_000);
  await office.enter(page, '/import');

  await test.step('brings the file in', async () => {
    await page.getByLabel('Выбрать файл').setInputFiles({ name: 'база.csv', mimeType: 'text/csv', buffer: csv() });
    await page.getByRole('button', { name: 'Проверить файл' }).click();
    await expect(page.getByText('Прочитано строк')).toBeVisible(LONG);
    await page.getByRole('button', { name: 'Загрузить', exact: true }).click();
    await expect(page.getByText('Файл загружен.')).toBeVisible(LONG);
    expect(await countOf('all')).toBe(ROWS);
  });

  await test.step('finds the duplicates and merges the sure ones', async () => {
    await page.goto(`${office.url}/duplicates`);
    await page.getByRole('main').getByRole('button', { name: 'Искать' }).click();
    await page.getByRole('dialog').getByRole('button', { name: 'Искать' }).click();
    await expect(page.getByText(/Сравнили карточек: 20\s000/)).toBeVisible(LONG);
    await page.getByRole('button', { name: 'Объединить все…' }).click();
    await page.getByRole('dialog').getByRole('button', { name: /^Объединить/ }).click();
    await expect.poll(() => countOf('all'), { timeout: 60_000 }).toBe(ROWS - TWINS);
  });

  await test.step('puts a group together by a rule', async () => {
    await page.getByRole('navigation', { name: 'Разделы' }).getByRole('link', { name: 'Группы' }).click();
    await page.getByRole('button', { name: 'Новая группа' }).first().click();
    const dialog = page.getByRole('dialog', { name: 'Новая группа' });
    await field(dialog, 'Название').fill('Львівські');
    await dialog.getByText('По правилу', { exact: true }).click();
    await dialog.getByRole('button', { name: 'Правило текстом' }).click();
    await page.getByRole('textbox', { name: 'Условия текстом' }).fill(`addresses.city = "${CITY}"`);
    await page.getByRole('button', { name: 'Применить' }).click();
    await expect(dialog.getByRole('status')).toContainText(/Подход/);
    await dialog.getByRole('button', { name: 'Создать группу' }).click();
    const item = page.getByRole('treeitem', { name: 'Львівські, по правилу' });
    await expect(item).toBeVisible();
    await item.getByRole('link', { name: 'Львівські' }).click();
    await expect(list.grid(page)).toBeVisible();
  });

  const inCity = await countOf(`addresses.city = "${CITY}"`);
  expect(inCity).toBeGreaterThan(IN_CITY - TWINS - 1);

  await test.step('changes everyone in it', async () => {
    await page.getByRole('checkbox', { name: 'Отметить все загруженные' }).check();
    const bar = page.getByRole('toolbar', { name: 'Действия с отмеченными' });
    await bar.getByRole('button', { name: /^Отметить все \d/ }).click();
    await bar.getByRole('button', { name: 'Изменить' }).click();
    const dialog = page.getByRole('dialog');
    await dialog.getByLabel('Поле').selectOption('warmth');
    await dialog.getByLabel('Новое значение').selectOption('hot');
    await dialog.getByRole('button', { name: /^Изменить \d/ }).click();
    await expect(toast(page, 'Массовое изменение: готово')).toBeVisible(LONG);
    expect(await countOf('warmth = hot')).toBe(inCity);
    await expect(list.grid(page).getByText('Горячий').first()).toBeVisible();
  });

  const changedBy = new Date().toISOString();
  await test.step('takes it back', async () => {
    await toast(page, 'Массовое изменение: готово').getByRole('button', { name: 'Отменить' }).click();
    await expect.poll(() => countOf('warmth = hot'), LONG).toBe(0);
  });

  await test.step('looks at the list as it was before the undo', async () => {
    await page.goto(`${office.url}/records/contact?filter=${encodeURIComponent('warmth = hot')}&asOf=${encodeURIComponent(changedBy)}`);
    await expect(page.getByText('Так было:')).toBeVisible();
    await expect(list.grid(page).getByText('Горячий').first()).toBeVisible(LONG);
    expect((await office.get<{ count: number }>(`/records/contact/count?filter=${encodeURIComponent('warmth = hot')}&as_of=${encodeURIComponent(changedBy)}`)).count).toBe(inCity);
  });

  await test.step('looks at a card as it was before the undo', async () => {
    await page.goto(`${office.url}/records/contact?filter=${encodeURIComponent(`addresses.city = "${CITY}"`)}&sort=last_name`);
    await list.grid(page).getByRole('link').first().click();
    await page.getByRole('link', { name: 'Открыть на всю страницу' }).click();
    const change = card.history(page).getByRole('article').filter({ hasText: 'Массовое изменение' });
    await expect(change).toContainText('Горячий');
    await expect(change).toContainText('отменено');
    await change.getByRole('button', { name: 'Карточка тогда' }).click();
    await expect(page.getByRole('dialog')).toContainText('Горячий');
    await page.keyboard.press('Escape');
    await expect(card.about(page).getByText('Горячий')).toHaveCount(0);
  });
});
