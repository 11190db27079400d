/** The administrator arranges the card: blocks, conditions, names of sections, what a pop-up shows; everyone gets it, and it can be taken back. */
import type { Locator, Page } from '@playwright/test';
import { expectAccessible } from './support/accessible';
import { drag } from './support/drag';
import { Office, phone } from './support/office';
import { card, field, list, toast } from './support/screens';
import { expect, test } from './support/test';

const office = Office.forThisFile();

function block(page: Page, name: string): Locator {
  return page.getByRole('region', { name, exact: true });
}

function handle(page: Page, name: string): Locator {
  return page.getByRole('button', { name: `Переместить поле «${name}»` });
}

async function choose(page: Page, menu: string, item: string): Promise<void> {
  await page.getByRole('button', { name: menu }).click();
  await page.getByRole('menuitem', { name: item, exact: true }).click();
}

test('a block with a condition stands on cards and in the form, and the old card comes back', async ({ page, otherPage }) => {
  const company = await office.createCompany('ТОВ «Блок»', { source: 'call', warmth: 'cold' });
  const person = await office.createPerson('Безблоку', { source: 'call' });
  await office.enter(page, '/settings/card');
  await page.getByRole('button', { name: 'Новый блок' }).click();
  const dialog = page.getByRole('dialog', { name: 'Новый блок' });
  await dialog.getByRole('button', { name: 'Добавить блок' }).click();
  await expect(dialog.getByRole('alert')).toHaveText('Назовите блок хотя бы на одном языке.');
  await field(dialog, 'Название блока: Русский').fill('Продажи');
  await dialog.getByRole('button', { name: 'Только: Компании' }).click();
  await dialog.getByRole('button', { name: 'Добавить блок' }).click();
  await choose(page, 'Поле «Источник»: действия', 'В блок «Продажи»');
  await expect(block(page, 'Продажи')).toContainText('Источник');
  await expect(handle(page, 'Источник')).toBeFocused();

  // A field that is made in place joins the arrangement, which goes on.
  await block(page, 'Продажи').getByRole('button', { name: 'Новое поле' }).click();
  const maker = page.getByRole('dialog', { name: 'Новое поле' });
  // Untouched it closes; with something typed it asks, and what was typed stays.
  await page.keyboard.press('Escape');
  await expect(maker).toBeHidden();
  await block(page, 'Продажи').getByRole('button', { name: 'Новое поле' }).click();
  await field(maker, 'Название: Русский').fill('Чернетка');
  await page.keyboard.press('Escape');
  await page.getByRole('dialog', { name: 'Закрыть без сохранения?' }).getByRole('button', { name: 'Продолжить ввод' }).click();
  await expect(field(maker, 'Название: Русский')).toHaveValue('Чернетка');
  await field(maker, 'Название: Русский').fill('Скидка дилера');
  await field(maker, 'Подсказка: Русский').fill('Процентов от прайса');
  await maker.getByLabel('Значение по умолчанию').fill('опт');
  await maker.getByRole('button', { name: 'Добавить поле' }).click();
  await expect(maker).toBeHidden();
  await expect(block(page, 'Продажи')).toContainText('Скидка дилера');
  await expect(block(page, 'Продажи')).toContainText('Источник');
  await handle(page, 'Скидка дилера').press('ArrowUp');
  await expect(page.getByRole('status').filter({ hasText: 'место 1 из 2' })).toHaveCount(1);

  await page.getByRole('tab', { name: 'Названия разделов' }).click();
  await field(page, 'Компании: Русский').fill('Регионы');
  await expectAccessible(page, 'names of sections');

  // It is not lost by a press on another page.
  await page.getByRole('link', { name: 'Профиль' }).click();
  await page.getByRole('dialog', { name: 'Карточка не сохранена' }).getByRole('button', { name: 'Остаться' }).click();
  await page.getByRole('button', { name: 'Сохранить', exact: true }).click();
  // Under the pointer a message stays, however long the other person takes to look.
  await toast(page, 'Карточка сохранена').hover();
  await expect(page.getByRole('navigation', { name: 'Разделы' })).toContainText('Регионы');

  await office.enter(otherPage, `/records/contact/${company.id}`, await office.createUser('supervisor', 'Інна Гай', 'inna'));
  const sales = card.about(otherPage).getByRole('heading', { name: 'Продажи' });
  await expect(sales).toBeVisible();
  await expect(card.about(otherPage)).toContainText('Источник');
  await otherPage.goto(`${office.url}/records/contact/${person.id}`);
  await expect(card.about(otherPage).getByRole('heading', { name: 'Имя' })).toBeVisible();
  await expect(sales).toBeHidden();
  await otherPage.goto(`${office.url}/records/contact/new?section=companies`);
  const group = otherPage.getByRole('group', { name: 'Продажи' });
  await expect(group.getByLabel('Скидка дилера')).toHaveValue('опт');
  await expect(group).toContainText('Процентов от прайса');
  await expect(group.getByLabel('Источник')).toBeVisible();
  await otherPage.getByRole('tab', { name: 'Клиенты' }).click();
  await expect(field(otherPage, 'Фамилия')).toBeVisible();
  await expect(group).toBeHidden();

  await toast(page, 'Карточка сохранена').getByRole('button', { name: 'Отменить' }).click();
  await expect(page.getByRole('navigation', { name: 'Разделы' })).toContainText('Компании');
  await page.getByRole('tab', { name: 'Блоки и поля' }).click();
  await expect(block(page, 'Основное')).toContainText('Источник');
  await otherPage.goto(`${office.url}/records/contact/${company.id}`);
  await expect(card.about(otherPage)).toContainText('Источник');
  await expect(sales).toBeHidden();
});

test('blocks and fields are dragged, hidden and brought back; another role sees less', async ({ page }) => {
  await office.enter(page, '/settings/card');
  await drag(handle(page, 'Тип'), handle(page, 'Компания'), { x: 4, y: 2 });
  const names = block(page, 'Основное').getByRole('listitem');
  await expect(names.first()).toContainText('Тип');
  await page.getByRole('button', { name: 'Отменить изменения' }).click();
  await expect(names.first()).toContainText('Компания');

  await choose(page, 'Поле «Примечание»: действия', 'Скрыть поле');
  await expect(block(page, 'Скрытые поля')).toContainText('Примечание');
  await expect(block(page, 'Основное')).not.toContainText('Примечание');
  await block(page, 'Скрытые поля').getByRole('listitem').filter({ hasText: 'Примечание' }).getByRole('button', { name: 'Вернуть' }).click();
  await expect(block(page, 'Основное')).toContainText('Примечание');

  await page.getByRole('combobox', { name: 'Кто смотрит' }).selectOption({ label: 'Сотрудник' });
  await expect(page.getByText('Только менеджеры')).toBeVisible();
  await expectAccessible(page, 'card builder');
  await page.setViewportSize({ width: 390, height: 844 });
  await expectAccessible(page, 'card builder on a phone');
});

test('a field is required on a condition, which the form asks for', async ({ page }) => {
  await office.enter(page, '/settings/card');
  await choose(page, 'Поле «Теплота»: действия', 'Изменить поле');
  const dialog = page.getByRole('dialog', { name: 'Поле «Теплота»' });
  const condition = dialog.getByRole('group', { name: 'Обязательно, если' });
  await condition.getByRole('button', { name: 'Условие' }).click();
  const sheet = page.getByRole('dialog', { name: 'Новое условие' });
  await sheet.getByRole('button', { name: 'Вид', exact: true }).click();
  await sheet.getByRole('checkbox', { name: 'Компания' }).check();
  await sheet.getByRole('button', { name: 'Применить' }).click();
  await expect(condition).toContainText('Компания');
  await expectAccessible(page, 'dialog of a field');
  await dialog.getByRole('button', { name: 'Сохранить' }).click();
  await expect(toast(page, 'Поле изменено: Теплота')).toBeVisible();

  await page.goto(`${office.url}/records/contact/new?section=companies`);
  await field(page, 'Название компании').fill('ТОВ «Холод»');
  await page.getByRole('button', { name: 'Сохранить', exact: true }).click();
  await expect(page.getByRole('alert').filter({ hasText: 'Заполните это поле.' })).toBeVisible();
  await page.getByRole('tab', { name: 'Клиенты' }).click();
  await field(page, 'Фамилия').fill('Теплий');
  await page.getByRole('button', { name: 'Сохранить', exact: true }).click();
  await expect(toast(page, 'Создано: Теплий')).toBeVisible();
});

test('a pop-up over a name shows the phone, and what the administrator ticks', async ({ page }) => {
  const company = await office.createCompany('ТОВ «Поглядова»', { warmth: 'hot' });
  await office.createPerson('Поглядова', { first_name: 'Дана', parent: company.id, remark: 'після обіду', channels: [phone('067 200 30 40')] });
  await office.enter(page, `/records/contact?q=${encodeURIComponent('Поглядова')}`);
  const popUp = page.getByRole('dialog', { name: 'Коротко: Поглядова Дана' });
  await list.row(page, 'Поглядова Дана').getByRole('link').hover();
  await expect(popUp).toContainText('+380 67 200 30 40');
  await expect(popUp.getByRole('link', { name: /Позвонить/ })).toHaveAttribute('href', 'tel:+380672003040');
  await expect(popUp).not.toContainText('після обіду');
  await expectAccessible(page, 'pop-up');
  await page.keyboard.press('Escape');
  await expect(popUp).toBeHidden();

  await page.goto(`${office.url}/settings/card`);
  await page.getByRole('tab', { name: 'Всплывающая карточка' }).click();
  await page.getByRole('checkbox', { name: 'Примечание' }).check();
  await page.getByRole('button', { name: 'Сохранить', exact: true }).click();
  await expect(toast(page, 'Карточка сохранена')).toBeVisible();

  // By key the focus goes in, and comes back.
  await page.goto(`${office.url}/records/contact/${company.id}`);
  await card.related(page).getByRole('link', { name: 'Поглядова Дана' }).focus();
  await page.keyboard.press('Alt+ArrowDown');
  await expect(popUp).toContainText('після обіду');
  await expect(popUp).not.toContainText('+380 67 200 30 40');
  await expect(popUp.getByRole('link', { name: 'Поглядова Дана' })).toBeFocused();
  await page.keyboard.press('Escape');
  await expect(card.related(page).getByRole('link', { name: 'Поглядова Дана' })).toBeFocused();
});

test('a field shows for a group, for those below it, and for whom a rule puts there', async ({ page }) => {
  const group = (values: object) => office.post<{ record: { id: number } }>('/records/group', { values }).then(({ record }) => record.id);
  const west = await group({ name: 'Захід' });
  const lviv = await group({ name: 'Львів', parent: west });
  await group({ name: 'Гарячі на заході', parent: west, kind: 'smart', rule: 'warmth = hot and position contains "теслярка"' });
  const labels = { en: 'Sawmill', ru: 'Лесопилка', uk: 'Тартак' };
  const made = await office.post<{ name: string }>('/catalog/contact/fields', { labels, kind: 'text', settings: {} });
  await office.patch(`/catalog/contact/fields/${made.name}`, { shown_if: `groups has (${west})` });

  const below = await office.createPerson('Лісова', { groups: [lviv], [made.name]: 'Стрий' });
  await office.enter(page, `/records/contact/${below.id}`);
  await expect(card.about(page)).toContainText('Лесопилка');
  const ruled = await office.createPerson('Дошкова', { position: 'теслярка', [made.name]: 'Сколе' });
  await page.goto(`${office.url}/records/contact/${ruled.id}`);
  await expect(page.getByRole('heading', { level: 1, name: 'Дошкова' })).toBeVisible();
  await expect(card.edit(page, 'Должность')).toBeAttached();
  await expect(card.about(page)).not.toContainText('Лесопилка');
  // Her rule begins to hold while the card is open.
  await office.changeContact(ruled.id, { warmth: 'hot' });
  await expect(card.about(page)).toContainText('Лесопилка');
  await expect(card.about(page)).toContainText('Сколе');
});

test('a view is shared: a colleague sees it and cannot change it', async ({ page, otherPage }) => {
  await office.createPerson('Спільний', { warmth: 'hot' });
  await office.enter(page, `/records/contact?section=clients&filter=${encodeURIComponent('warmth in ("hot")')}`);
  await page.getByRole('button', { name: 'Сохранить как вид' }).click();
  const dialog = page.getByRole('dialog', { name: 'Сохранить как вид' });
  await field(dialog, 'Название').fill('Горячие');
  await dialog.getByText('Всем', { exact: true }).click();
  await expectAccessible(page, 'dialog of a view');
  await dialog.getByRole('button', { name: 'Сохранить' }).click();
  await expect(page.getByRole('tab', { name: /Горячие/ })).toHaveAttribute('aria-selected', 'true');

  const colleague = await office.createUser('employee', 'Остап Лис', 'ostap');
  await office.enter(otherPage, '/records/contact?section=clients', colleague);
  await otherPage.getByRole('tab', { name: /Горячие.*автор: Олена Ковальчук/ }).click();
  await otherPage.getByRole('button', { name: 'Вид «Горячие»: действия' }).click();
  await expect(otherPage.getByRole('menuitem', { name: 'Удалить вид' })).toHaveAttribute('aria-disabled', 'true');
});

test('the company is renamed for everyone, and a bad name is refused', async ({ page }) => {
  await office.enter(page, '/settings/company');
  const name = page.getByLabel('Название компании');
  const form = page.locator('form').filter({ has: name });
  await name.fill('');
  await form.getByRole('button', { name: 'Сохранить' }).click();
  await expect(page.getByRole('alert')).toBeVisible();
  await expect(name).toBeFocused();
  await name.fill('Карпаты Дом');
  await page.getByLabel('Валюта').selectOption('PLN');
  await form.getByRole('button', { name: 'Сохранить' }).click();
  await expect(toast(page, 'Сохранено для всех')).toBeVisible();
  await expectAccessible(page, 'company');
  await page.reload();
  await expect(name).toHaveValue('Карпаты Дом');
});
