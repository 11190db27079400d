/** The menu of a row of a list, and of several ticked ones: by the right button, by its own button and by key. */
import type { Locator, Page } from '@playwright/test';
import { Office, phone } from './support/office';
import { list, toast } from './support/screens';
import { expect, test } from './support/test';

const office = Office.forThisFile();

/** Those whose last name begins so, in the order of their names; phones are no column. */
function rowsOf(begin: string, more = ''): string {
  return `/records/contact?section=clients&columns=name,position&sort=last_name&filter=${encodeURIComponent(`last_name starts with "${begin}"`)}${more}`;
}

function menu(page: Page, name: string): Locator {
  return page.getByRole('menu', { name: `Действия: ${name}` });
}

function item(page: Page, name: string | RegExp): Locator {
  return page.getByRole('menuitem', { name });
}

test('a right click on a row opens, calls, writes and deletes', async ({ page }) => {
  const person = await office.createPerson('Правий', {
    position: 'юрист',
    channels: [phone('067 510 10 10'), { kind: 'email', label: 'work', value: 'pravyi@example.com' }],
  });
  await office.createPerson('Правийко', { position: 'нотаріус' });
  await office.enter(page, rowsOf('Прави'));
  await list.row(page, 'Правий').getByText('юрист').click({ button: 'right' });
  await expect(menu(page, 'Правий')).toBeVisible();
  await expect(item(page, 'Позвонить +380 67 510 10 10')).toHaveAttribute('href', 'tel:+380675101010');
  await expect(item(page, 'Написать pravyi@example.com')).toHaveAttribute('href', 'mailto:pravyi@example.com');
  await expect(item(page, 'Открыть в новой вкладке')).toHaveAttribute('href', `/records/contact/${person.id}`);
  await item(page, /Открыть сбоку/).click();
  await expect(list.panel(page, 'Правий')).toBeVisible();

  await list.row(page, 'Правийко').getByText('нотаріус').click({ button: 'right' });
  await expect(item(page, 'Позвонить')).toHaveAttribute('aria-disabled', 'true');
  await expect(item(page, 'Позвонить')).toHaveAttribute('title', 'В карточке нет телефона');
  await page.keyboard.press('Escape');
  await expect(menu(page, 'Правийко')).toBeHidden();
  await expect(list.grid(page)).toBeFocused();

  // Deleted, the open card goes with it, and the toast brings it back.
  await list.row(page, 'Правий').getByText('юрист').click({ button: 'right' });
  await item(page, 'Удалить').click();
  await expect(toast(page, 'Правий: в корзине')).toBeVisible();
  await expect(list.row(page, 'Правий')).toBeHidden();
  await expect(page).not.toHaveURL(/open=/);
  await toast(page, 'Правий: в корзине').getByRole('button', { name: 'Отменить' }).click();
  await expect(list.row(page, 'Правий')).toBeVisible();
});

test('the row has a button for it, and so has a tile', async ({ page }) => {
  await office.createPerson('Кнопка');
  await office.enter(page, rowsOf('Кнопка'));
  await list.row(page, 'Кнопка').hover();
  await page.getByRole('button', { name: 'Действия: Кнопка' }).click();
  await item(page, /Открыть на всю страницу/).click();
  await expect(page.getByRole('heading', { level: 1, name: 'Кнопка' })).toBeVisible();

  await page.goto(office.url + rowsOf('Кнопка', '&look=tiles'));
  await page.getByRole('gridcell').hover();
  await page.getByRole('button', { name: 'Действия: Кнопка' }).click();
  await expect(menu(page, 'Кнопка')).toBeVisible();
  await page.keyboard.press('Escape');
  await page.getByRole('gridcell').click({ button: 'right' });
  await expect(menu(page, 'Кнопка')).toBeVisible();
  await expect(page).not.toHaveURL(/open=/);
});

test('the keyboard opens it on the row of the cursor', async ({ page }) => {
  await office.createPerson('Шифтенко А');
  await office.createPerson('Шифтенко Б');
  await office.enter(page, rowsOf('Шифтенко'));
  await expect(list.row(page, 'Шифтенко Б')).toBeVisible();
  await list.grid(page).focus();
  await page.keyboard.press('ArrowDown');
  await page.keyboard.press('Shift+F10');
  await expect(menu(page, 'Шифтенко Б')).toBeVisible();
  await expect(item(page, /Открыть сбоку/)).toBeFocused();
  await page.keyboard.press('ArrowDown');
  await expect(item(page, /Открыть на всю страницу/)).toBeFocused();
  await page.keyboard.press('Escape');
  await expect(list.grid(page)).toBeFocused();
  await page.keyboard.press('ContextMenu');
  await page.keyboard.press('Enter');
  await expect(list.panel(page, 'Шифтенко Б')).toBeVisible();
});

test('on one of several ticked rows it is about all of them', async ({ page }) => {
  for (const name of ['Гуртом А', 'Гуртом Б', 'Гуртом В']) await office.createPerson(name, { position: 'вантажник' });
  await office.enter(page, rowsOf('Гуртом'));
  await page.getByRole('checkbox', { name: 'Отметить: Гуртом А' }).check();
  await page.getByRole('checkbox', { name: 'Отметить: Гуртом Б' }).check();
  // The third is not among them: its menu is its own.
  await list.row(page, 'Гуртом В').getByText('вантажник').click({ button: 'right' });
  await expect(menu(page, 'Гуртом В')).toBeVisible();
  await page.keyboard.press('Escape');

  await list.row(page, 'Гуртом А').getByText('вантажник').click({ button: 'right' });
  const many = page.getByRole('menu', { name: 'Действия с отмеченными' });
  await expect(many).toContainText('Отмечено: 2');
  await item(page, 'Объединить').click();
  await expect(page).toHaveURL(/\/merge\?ids=/);
  await page.goBack();

  await page.getByRole('checkbox', { name: 'Отметить: Гуртом А' }).check();
  await page.getByRole('checkbox', { name: 'Отметить: Гуртом Б' }).check();
  await list.row(page, 'Гуртом Б').getByText('вантажник').click({ button: 'right' });
  await item(page, /Удалить/).click();
  await page.getByRole('dialog').getByRole('button', { name: 'Удалить 2 записи' }).click();
  await expect(list.row(page, 'Гуртом А')).toBeHidden();
  await expect(list.row(page, 'Гуртом В')).toBeVisible();
});
