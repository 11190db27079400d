/** The daily work with contacts at a desk: forms, cards, lists, the keyboard, two people at once. */
import type { Locator, Page } from '@playwright/test';
import { drag } from './support/drag';
import { Office, phone } from './support/office';
import { card, field, list, toast } from './support/screens';
import { expect, test } from './support/test';

const office = Office.forThisFile();
const LIST = '/records/contact';

function cardPath(id: number): string {
  return `${LIST}/${id}`;
}

/** The first row of phones; the form offers to add one. */
async function addPhone(page: Page, number: string): Promise<void> {
  await page.getByRole('button', { name: 'Телефон', exact: true }).click();
  await page.getByRole('group', { name: 'Канал 1' }).getByRole('textbox', { name: 'Телефон' }).fill(number);
}

test.describe('the form', () => {
  test('makes one person after another', async ({ page }) => {
    await office.enter(page, '/records/contact/new?section=clients');
    await expect(field(page, 'Фамилия')).toBeFocused();
    await field(page, 'Фамилия').fill('Гнатюк');
    await field(page, 'Имя').fill('Соломія');
    await addPhone(page, '067 111 22 33');
    await page.getByRole('button', { name: 'Сохранить и создать новый' }).click();
    await expect(toast(page, 'Создано: Гнатюк Соломія')).toBeVisible();
    await expect(field(page, 'Фамилия')).toBeFocused();
    await expect(field(page, 'Фамилия')).toHaveValue('');

    await field(page, 'Фамилия').fill('Гнатюк');
    await field(page, 'Имя').fill('Остап');
    await page.getByRole('button', { name: 'Сохранить', exact: true }).click();
    await expect(page.getByRole('heading', { level: 1, name: 'Гнатюк Остап' })).toBeVisible();
  });

  test('a sign tells company from person and man from woman, wherever a face is shown', async ({ page }) => {
    const company = await office.createCompany('ТОВ «Знак»');
    await office.createPerson('Знаковий', { gender: 'male', parent: company.id });
    const woman = await office.createPerson('Знакова', { gender: 'female', parent: company.id });
    await office.createPerson('Знак', { parent: company.id });
    const sign = (place: Locator, name: string): Locator => place.locator(`[data-sign="${name}"]`);
    const signs: readonly [string, string][] = [['ТОВ «Знак»', 'company'], ['Знаковий', 'man'], ['Знакова', 'woman'], ['Знак', 'person']];
    for (const look of ['', '&look=tiles', '&look=tree']) {
      await office.enter(page, `${LIST}?filter=${encodeURIComponent('name contains "знак"')}${look}`);
      for (const [title, name] of signs) await expect(sign(page.getByRole('link', { name: title, exact: true }).first(), name), `${title} ${look}`).toBeVisible();
    }
    await page.goto(`${office.url}${LIST}`);
    await expect(list.row(page, 'Знакова')).toBeVisible();
    await page.keyboard.press('Control+K');
    await page.getByRole('dialog').getByRole('combobox').fill('знакова');
    await expect(sign(page.getByRole('option', { name: /Знакова/ }), 'woman')).toBeVisible();
    await page.goto(`${office.url}${LIST}/${woman.id}`);
    await expect(sign(page.getByRole('main'), 'woman').first()).toBeVisible();
    await expect(sign(card.related(page), 'man')).toHaveAttribute('title', 'Мужчина');
    // Above a link to the card as well.
    await card.related(page).getByRole('link', { name: 'Знаковий' }).hover();
    await expect(sign(page.getByRole('tooltip').or(page.getByRole('dialog')), 'man')).toBeVisible();
  });

  test('left by Escape it goes back, and keeps what was typed', async ({ page }) => {
    await office.createPerson('Вихідний');
    await office.enter(page, `${LIST}?section=clients`);
    await expect(list.row(page, 'Вихідний')).toBeVisible();
    await page.keyboard.press('c');
    await expect(field(page, 'Фамилия')).toBeFocused();
    await page.keyboard.press('Escape');
    await expect(list.row(page, 'Вихідний')).toBeVisible();
    await expect(toast(page, 'Введённое сохранено')).toHaveCount(0);

    await page.keyboard.press('c');
    await field(page, 'Фамилия').fill('Недописаний');
    await page.keyboard.press('Escape');
    await expect(list.row(page, 'Вихідний')).toBeVisible();
    await expect(toast(page, 'Введённое сохранено')).toBeVisible();
    await page.keyboard.press('c');
    await expect(field(page, 'Фамилия')).toHaveValue('Недописаний');
    await page.getByRole('button', { name: 'Отмена' }).click();
    await expect(list.row(page, 'Вихідний')).toBeVisible();
  });

  test('makes a company, and its card lists its people', async ({ page }) => {
    await office.enter(page, '/records/contact/new?section=clients');
    await page.getByRole('tab', { name: 'Компании' }).click();
    await field(page, 'Название компании').fill('ТОВ «Смерека»');
    await page.getByRole('button', { name: 'Сохранить', exact: true }).click();
    await expect(page.getByRole('heading', { level: 1, name: 'ТОВ «Смерека»' })).toBeVisible();
    await expect(card.related(page)).toContainText('Пока никого');

    // From the card of the company the form knows the company, also after a reload.
    await card.related(page).getByRole('link', { name: 'Добавить человека' }).click();
    await page.reload();
    await expect(page.getByRole('combobox', { name: 'Компания', exact: true })).toHaveValue('ТОВ «Смерека»');
    await field(page, 'Имя').fill('Смеречка');
    await page.getByRole('button', { name: 'Сохранить', exact: true }).click();
    await card.related(page).getByRole('link', { name: 'ТОВ «Смерека»' }).first().click();
    await expect(card.related(page).getByRole('link', { name: 'Смеречка' })).toBeVisible();

    await page.goto(`${office.url}/records/contact/new?section=clients`);
    await field(page, 'Фамилия').fill('Смереченко');
    const company = page.getByRole('combobox', { name: 'Компания', exact: true });
    await company.fill('смере');
    await page.getByRole('option', { name: 'ТОВ «Смерека»' }).click();
    await expect(company).toHaveValue('ТОВ «Смерека»');
    await page.getByRole('button', { name: 'Сохранить', exact: true }).click();
    await card.related(page).getByRole('link', { name: 'ТОВ «Смерека»' }).first().click();
    await expect(card.related(page).getByRole('link', { name: 'Смереченко' })).toBeVisible();
  });

  test('marks what is missing or wrong, takes one there, and keeps what was typed', async ({ page }) => {
    await office.enter(page, '/records/contact/new?section=clients');
    await page.getByRole('button', { name: 'Сохранить', exact: true }).click();
    await expect(field(page, 'Фамилия')).toBeFocused();
    await expect(page.getByRole('alert')).toHaveText(['Заполните это поле.']);
    await expect(page.getByText('Достаточно чего-то одного: фамилия или имя')).toBeVisible();

    await field(page, 'Фамилия').fill('Невірний');
    await field(page, 'Должность').fill('комірник');
    await addPhone(page, 'подзвоню сам');
    await page.getByRole('button', { name: 'Сохранить', exact: true }).click();
    const number = page.getByRole('textbox', { name: 'Телефон' });
    await expect(page.getByRole('alert')).toContainText('не похоже на телефон');
    await expect(number).toBeFocused();
    await expect(number).toHaveValue('подзвоню сам');
    await page.reload();
    await expect(field(page, 'Фамилия')).toHaveValue('Невірний');
    await expect(field(page, 'Должность')).toHaveValue('комірник');
  });

  test('refuses a phone that belongs to another card and leads there', async ({ page }) => {
    const owner = await office.createPerson('Власенко', { channels: [phone('067 200 10 10')] });
    await office.enter(page, '/records/contact/new?section=clients');
    await field(page, 'Фамилия').fill('Двійник');
    await addPhone(page, '+380 (67) 200-10-10');
    // Told when the number is left, and again when it is saved nevertheless.
    await page.keyboard.press('Tab');
    await expect(page.getByRole('alert')).toContainText('Такое значение уже есть у «Власенко».');
    await page.getByRole('button', { name: 'Сохранить', exact: true }).click();
    await expect(page.getByRole('alert')).toContainText('Такое значение уже есть у «Власенко».');
    await page.getByRole('link', { name: 'Открыть карточку' }).click();
    await expect(page).toHaveURL(new RegExp(`/records/contact/${owner.id}$`));
  });

  test('takes a phone that only a card in the trash has; that card then cannot come back with it', async ({ page }) => {
    const owner = await office.createPerson('Забутий', { channels: [phone('067 200 20 20')] });
    await office.deleteContact(owner.id);
    await office.enter(page, '/records/contact/new?section=clients');
    await field(page, 'Фамилия').fill('Спадкоємець');
    await addPhone(page, '067 200 20 20');
    await page.getByRole('button', { name: 'Сохранить', exact: true }).click();
    const dialog = page.getByRole('dialog', { name: 'Такая карточка есть в корзине' });
    await expect(dialog).toContainText('+380 67 200 20 20 есть у удалённой карточки «Забутий»');
    await dialog.getByRole('button', { name: 'Оставить новую' }).click();
    await expect(page.getByRole('heading', { level: 1, name: 'Спадкоємець' })).toBeVisible();

    await page.goto(`${office.url}/trash?q=${encodeURIComponent('Забутий')}`);
    await page.getByRole('button', { name: 'Вернуть: Забутий' }).click();
    await expect(toast(page, 'Такое значение уже есть у «Спадкоємець»')).toBeVisible();
  });

  test('brings a deleted card back in place of the new one', async ({ page }) => {
    const owner = await office.createPerson('Повернений', { channels: [phone('067 200 30 30')] });
    await office.deleteContact(owner.id);
    await office.enter(page, '/records/contact/new?section=clients');
    await field(page, 'Фамилия').fill('Зайвий');
    await addPhone(page, '067 200 30 30');
    await page.getByRole('button', { name: 'Сохранить', exact: true }).click();
    await page.getByRole('button', { name: 'Вернуть удалённую' }).click();
    await expect(page).toHaveURL(new RegExp(`/records/contact/${owner.id}`));
    await expect(page.getByRole('heading', { level: 1, name: 'Повернений' })).toBeVisible();
  });
});

test.describe('the card', () => {
  test('edits phones as a block', async ({ page }) => {
    const person = await office.createPerson('Телефонний', { channels: [phone('067 300 10 10')] });
    await office.enter(page, cardPath(person.id));
    await expect(card.about(page).getByRole('link', { name: 'Позвонить +380 67 300 10 10' })).toHaveAttribute('href', 'tel:+380673001010');
    await card.edit(page, 'Телефоны и почта').first().click();
    await card.about(page).getByRole('button', { name: 'Эл. почта', exact: true }).click();
    await card.about(page).getByRole('group', { name: 'Канал 2' }).getByRole('textbox', { name: 'Эл. почта' }).fill('Telefon@Example.COM');
    await card.about(page).getByRole('button', { name: 'Сохранить', exact: true }).click();
    await expect(card.about(page).getByRole('link', { name: 'Написать telefon@example.com' })).toBeVisible();
    await expect(card.history(page)).toContainText('telefon@example.com');
  });

  test('keeps a refused value in its place with the reason', async ({ page }) => {
    const person = await office.createPerson('Відмовенко', { channels: [phone('067 300 20 20')] });
    await office.enter(page, cardPath(person.id));
    await card.edit(page, 'Телефоны и почта').first().click();
    const number = card.about(page).getByRole('textbox', { name: 'Телефон' });
    await number.fill('нема');
    await card.about(page).getByRole('button', { name: 'Сохранить', exact: true }).click();
    await expect(card.about(page).getByRole('alert')).toContainText('не похоже на телефон');
    await expect(number).toHaveValue('нема');
    await card.about(page).getByRole('button', { name: 'Отмена', exact: true }).click();
    await expect(card.about(page)).toContainText('+380 67 300 20 20');
  });

  test('goes to the trash with a toast that takes it back, and the trash gives it back too', async ({ page }) => {
    const person = await office.createPerson('Кошиченко');
    await office.enter(page, cardPath(person.id));
    const remove = async (): Promise<void> => {
      await page.getByRole('button', { name: 'Действия с карточкой' }).click();
      await page.getByRole('menuitem', { name: 'Удалить', exact: true }).click();
    };
    await remove();
    await toast(page, 'Кошиченко: в корзине').getByRole('button', { name: 'Отменить' }).click();
    // Whoever leaves before the answer may leave before the question.
    await expect(toast(page, 'Отменено')).toBeVisible();
    await page.goto(office.url + cardPath(person.id));
    await expect(page.getByText('Карточка в корзине.')).toBeHidden();
    await expect(page.getByRole('heading', { level: 1, name: 'Кошиченко' })).toBeVisible();

    await remove();
    await expect(toast(page, 'Кошиченко: в корзине')).toBeVisible();
    await page.getByRole('navigation', { name: 'Разделы' }).getByRole('link', { name: 'Корзина' }).click();
    await page.getByRole('searchbox', { name: 'Найти в корзине' }).fill('Кошиченко');
    // The list is read again once the typing rests.
    await expect(page).toHaveURL(/q=/);
    await page.getByRole('button', { name: 'Вернуть: Кошиченко' }).click();
    await expect(toast(page, 'Возвращено: Кошиченко')).toBeVisible();
    await page.goto(office.url + cardPath(person.id));
    await expect(page.getByRole('heading', { level: 1, name: 'Кошиченко' })).toBeVisible();
  });
});

test.describe('the list', () => {
  test('keeps columns, filter and sort in the address', async ({ page }) => {
    await office.createPerson('Фільтренко', { warmth: 'hot', position: 'токар' });
    await office.createPerson('Фільтрук', { warmth: 'hot', position: 'аптекар' });
    await office.createPerson('Фільтрович', { warmth: 'cold' });
    await office.enter(page, `${LIST}?section=clients&q=${encodeURIComponent('Фільтр')}`);
    await expect(list.row(page, 'Фільтрович')).toBeVisible();

    await page.getByRole('button', { name: 'Условие' }).click();
    await page.getByRole('dialog', { name: 'Новое условие' }).getByRole('button', { name: 'Теплота' }).click();
    await page.getByRole('dialog').getByRole('checkbox', { name: 'Горячий' }).check();
    await page.getByRole('dialog').getByRole('button', { name: 'Применить' }).click();
    await expect(list.row(page, 'Фільтрович')).toBeHidden();
    await expect(list.row(page, 'Фільтренко')).toBeVisible();

    await page.getByRole('button', { name: /колон/ }).click();
    const columns = page.getByRole('dialog', { name: 'Колонки' });
    await columns.getByRole('checkbox', { name: 'Адреса', exact: true }).uncheck();
    await columns.getByRole('checkbox', { name: 'Должность', exact: true }).check();
    await columns.getByRole('button', { name: 'Должность: левее' }).click();
    await page.keyboard.press('Escape');
    await expect(list.head(page, 'Адреса')).toBeHidden();
    await list.head(page, 'Должность').getByRole('button').click();
    await expect(list.head(page, 'Должность')).toHaveAttribute('aria-sort', 'ascending');
    await expect(list.grid(page).getByRole('row').nth(1)).toContainText('Фільтрук');

    const heads = await list.grid(page).getByRole('columnheader').allInnerTexts();
    await page.reload();
    await expect(list.row(page, 'Фільтренко')).toBeVisible();
    await expect(page.getByRole('button', { name: 'Теплота Горячий', exact: true })).toBeVisible();
    await expect(list.head(page, 'Должность')).toHaveAttribute('aria-sort', 'ascending');
    expect(await list.grid(page).getByRole('columnheader').allInnerTexts()).toEqual(heads);
    await expect(list.row(page, 'Фільтрович')).toBeHidden();

    await page.getByRole('button', { name: 'Убрать: Теплота' }).click();
    await expect(list.row(page, 'Фільтрович')).toBeVisible();
    await page.goBack();
    await expect(list.row(page, 'Фільтрович')).toBeHidden();
  });

  test('moves a column by dragging its head', async ({ page }) => {
    await office.createPerson('Перетяжко');
    await office.enter(page, `${LIST}?section=clients`);
    await expect(list.head(page, 'Теплота')).toBeVisible();
    await drag(list.head(page, 'Теплота'), list.head(page, 'Компания'));
    await expect(list.grid(page).getByRole('columnheader').nth(2)).toHaveText('Теплота');
    await expect(page).toHaveURL(/columns=/);
  });

  test('saves what it shows as a private view', async ({ page, otherPage }) => {
    const colleague = await office.createUser('supervisor', 'Ігор Мороз', 'ihor');
    await office.createPerson('Видний', { warmth: 'warm' });
    await office.enter(page, `${LIST}?section=clients&filter=${encodeURIComponent('warmth in ("warm")')}`);
    await page.getByRole('button', { name: 'Сохранить как вид' }).click();
    await page.getByRole('dialog').getByLabel('Название').fill('Тёплые');
    await page.getByRole('dialog').getByRole('button', { name: 'Сохранить' }).click();
    await expect(page.getByRole('tab', { name: 'Тёплые' })).toHaveAttribute('aria-selected', 'true');
    await page.getByRole('tab', { name: 'Все' }).click();
    await expect(page).not.toHaveURL(/filter=/);
    await page.reload();
    await page.getByRole('tab', { name: 'Тёплые' }).click();
    await expect(page.getByRole('button', { name: 'Теплота Тёплый', exact: true })).toBeVisible();
    await expect(list.row(page, 'Видний')).toBeVisible();

    await office.enter(otherPage, `${LIST}?section=clients`, colleague);
    await expect(list.row(otherPage, 'Видний')).toBeVisible();
    await expect(otherPage.getByRole('tab', { name: 'Тёплые' })).toBeHidden();
  });

  test('changes and deletes many at once, with one undo', async ({ page }) => {
    for (const name of ['Гуртовий Перший', 'Гуртовий Другий', 'Гуртовий Третій']) await office.createPerson(name);
    await office.enter(page, `${LIST}?section=clients&filter=${encodeURIComponent('last_name starts with "Гуртовий"')}`);
    await expect(list.grid(page).getByRole('row')).toHaveCount(4);
    // The list stands by the time of change, the newest first: a press with Shift takes all between.
    await page.getByRole('checkbox', { name: 'Отметить: Гуртовий Третій' }).check();
    await page.getByRole('checkbox', { name: 'Отметить: Гуртовий Перший' }).click({ modifiers: ['Shift'] });
    await expect(page.getByRole('toolbar', { name: 'Действия с отмеченными' })).toContainText('Отмечено: 3');
    await expect(page.getByRole('checkbox', { name: 'Отметить: Гуртовий Перший' })).toBeChecked();
    await page.keyboard.press('Shift+ArrowUp');
    const bar = page.getByRole('toolbar', { name: 'Действия с отмеченными' });
    await expect(bar).toContainText('Отмечено: 2');
    await bar.getByRole('button', { name: 'Отметить все 3' }).click();
    await bar.getByRole('button', { name: 'Изменить' }).click();
    const dialog = page.getByRole('dialog');
    await dialog.getByLabel('Поле').selectOption('warmth');
    await dialog.getByLabel('Новое значение').selectOption('hot');
    await dialog.getByRole('button', { name: 'Изменить 3' }).click();
    await expect(list.grid(page).getByText('Горячий')).toHaveCount(3);
    await expect(toast(page, 'Массовое изменение: готово').getByRole('button', { name: 'Отменить' })).toBeVisible();

    await page.getByRole('checkbox', { name: 'Отметить все загруженные' }).check();
    await bar.getByRole('button', { name: 'Удалить' }).click();
    await page.getByRole('dialog').getByRole('button', { name: 'Удалить 3 записи' }).click();
    await expect(page.getByText('Ничего не нашлось')).toBeVisible();

    await page.getByRole('navigation', { name: 'Разделы' }).getByRole('link', { name: 'Операции' }).click();
    const operation = page.getByRole('row').filter({ hasText: 'Удаление' }).first();
    await operation.getByRole('button', { name: 'Отменить' }).click();
    await expect(page.getByRole('dialog')).toContainText(/: 3 записи · Олена Ковальчук · /);
    await page.getByRole('dialog').getByRole('button', { name: 'Отменить 3 изменения' }).click();
    await expect(toast(page, 'Отменено')).toBeVisible();
    await page.goto(`${office.url}${LIST}?section=clients&q=${encodeURIComponent('Гуртовий')}`);
    await expect(list.grid(page).getByRole('row')).toHaveCount(4);
  });

  test('edits a cell in its place', async ({ page }) => {
    await office.createPerson('Клітинка', { warmth: 'cold' });
    await office.enter(page, `${LIST}?section=clients&q=${encodeURIComponent('Клітинка')}`);
    await list.row(page, 'Клітинка').getByText('Холодный').dblclick();
    await list.row(page, 'Клітинка').getByRole('combobox').selectOption('hot');
    await page.keyboard.press('Enter');
    await expect(toast(page, 'Сохранено: Теплота')).toBeVisible();
    await expect(list.row(page, 'Клітинка')).toContainText('Горячий');
  });
});

test.describe('the keyboard', () => {
  test('belongs to a list that was just opened, by its address or from the menu', async ({ page }) => {
    await office.createPerson('Ключ Перший');
    await office.createPerson('Ключ Другий');
    await office.enter(page, LIST);
    for (const open of [() => page.goto(`${office.url}${LIST}`), () => page.getByRole('link', { name: /Клиенты/ }).click()]) {
      await open();
      await expect(list.grid(page)).toBeFocused();
      await expect(list.row(page, 'Ключ Перший')).toBeVisible();
      // The same list keeps its row.
      await page.keyboard.press('Home');
      await page.keyboard.press('ArrowDown');
      await page.keyboard.press('Space');
      await expect(list.panel(page, 'Ключ Перший')).toBeVisible();
      await page.keyboard.press('Space');
      await expect(list.panel(page, 'Ключ Перший')).toBeHidden();
    }
    // Who is typing keeps the focus.
    await list.search(page).fill('Ключ');
    await expect(page).toHaveURL(/q=/);
    await expect(list.search(page)).toBeFocused();
  });

  test('alone is enough to find, open, edit and create', async ({ page }) => {
    await office.createPerson('Клавіша Перша', { position: 'аналітик' });
    await office.createPerson('Клавіша Друга');
    await office.enter(page, `${LIST}?section=clients&sort=last_name`);
    await expect(list.grid(page)).toBeVisible();

    await page.keyboard.press('/');
    await expect(list.search(page)).toBeFocused();
    await page.keyboard.type('Клавіша');
    await expect(list.grid(page).getByRole('row')).toHaveCount(3);
    await page.keyboard.press('ArrowDown');
    await expect(list.grid(page)).toBeFocused();
    await page.keyboard.press('ArrowDown');
    await page.keyboard.press('Enter');
    await expect(list.panel(page, 'Клавіша Перша')).toBeVisible();
    await expect(page).toHaveURL(/open=\d+/);
    await page.keyboard.press('ArrowUp');
    await expect(list.panel(page, 'Клавіша Друга')).toBeVisible();
    await page.keyboard.press('Escape');
    await expect(page).not.toHaveURL(/open=/);

    await page.keyboard.press('Control+Enter');
    await expect(page.getByRole('heading', { level: 1, name: 'Клавіша Друга' })).toBeVisible();
    await page.keyboard.press('j');
    await expect(page.getByRole('heading', { level: 1, name: 'Клавіша Перша' })).toBeVisible();
    await card.edit(page, 'Должность').focus();
    await page.keyboard.press('Enter');
    await page.keyboard.press('Control+A');
    await page.keyboard.type('архітектор');
    await page.keyboard.press('Enter');
    await expect(toast(page, 'Сохранено: Должность')).toBeVisible();
    // In the field a letter is a letter: the key walks once the focus is back.
    await expect(card.edit(page, 'Должность')).toBeFocused();
    await page.keyboard.press('k');
    await expect(page.getByRole('heading', { level: 1, name: 'Клавіша Друга' })).toBeVisible();
    await page.keyboard.press('Escape');
    await expect(list.grid(page).getByRole('row')).toHaveCount(3);

    await page.keyboard.press('?');
    await expect(page.getByRole('dialog', { name: 'Клавиши' })).toContainText('Отметить всё до этой строки');
    await page.keyboard.press('Escape');
    await expect(page.getByRole('dialog')).toBeHidden();

    await page.keyboard.press('Control+K');
    await page.keyboard.type('клавіша пер');
    await expect(page.getByRole('option', { name: /Клавіша Перша/ })).toBeVisible();
    await page.keyboard.press('Enter');
    await expect(page.getByRole('heading', { level: 1, name: 'Клавіша Перша' })).toBeVisible();

    await page.keyboard.press('c');
    await expect(field(page, 'Фамилия')).toBeFocused();
    await page.keyboard.type('Клавіша Третя');
    await page.keyboard.press('Control+Enter');
    await expect(page.getByRole('heading', { level: 1, name: 'Клавіша Третя' })).toBeVisible();
  });
});

test.describe('two people', () => {
  test('at one field decide whose value stays', async ({ page, otherPage }) => {
    const person = await office.createPerson('Спільний', { position: 'інженер' });
    await office.enter(page, cardPath(person.id));
    await office.enter(otherPage, cardPath(person.id));
    for (const side of [page, otherPage]) await card.edit(side, 'Должность').click();

    await card.about(otherPage).getByRole('textbox').fill('головний інженер');
    await otherPage.keyboard.press('Enter');
    await expect(toast(otherPage, 'Сохранено: Должность')).toBeVisible();

    await card.about(page).getByRole('textbox').fill('провідний інженер');
    await page.keyboard.press('Enter');
    const dialog = page.getByRole('dialog', { name: 'Поле «Должность» уже изменили' });
    await expect(dialog).toContainText('головний інженер');
    await expect(dialog).toContainText('провідний інженер');
    await dialog.getByRole('button', { name: 'Оставить моё' }).click();
    await expect(card.about(page)).toContainText('провідний інженер');
    await expect(card.about(otherPage)).toContainText('провідний інженер');
  });

  test('see at once what the other one does', async ({ page, otherPage }) => {
    const person = await office.createPerson('Живий', { position: 'стажер' });
    await office.enter(page, cardPath(person.id));
    await office.enter(otherPage, `${LIST}?section=clients&q=${encodeURIComponent('Живий')}&columns=name,position`);
    await expect(list.row(otherPage, 'Живий')).toContainText('стажер');
    await card.edit(page, 'Должность').click();
    await card.about(page).getByRole('textbox').fill('майстер');
    await page.keyboard.press('Enter');
    await expect(list.row(otherPage, 'Живий')).toContainText('майстер');
    await office.createPerson('Живий Другий');
    await expect(list.row(otherPage, 'Живий Другий')).toBeVisible();
  });
});
