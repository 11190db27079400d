/** Editing when other things happen at the same time: slow answers, refusals, other people, leaving. */
import type { Page } from '@playwright/test';
import { Office, phone } from './support/office';
import { card, list, toast } from './support/screens';
import { expect, test } from './support/test';

const office = Office.forThisFile();
const LIST = '/records/contact';

function cardPath(id: number, search = ''): string {
  return `${LIST}/${id}${search}`;
}

function starting(name: string): string {
  return `filter=${encodeURIComponent(`last_name starts with "${name}"`)}`;
}

/** The first change waits until the returned function is called, and is then refused: the field may not be that long. */
async function holdAndSpoil(page: Page, fieldName: string): Promise<() => void> {
  let release: () => void = () => undefined;
  const released = new Promise<void>((resolve) => {
    release = resolve;
  });
  let isFirst = true;
  await page.route('**/api/v1/records/contact/*', async (route) => {
    if (route.request().method() !== 'PATCH' || !isFirst) {
      await route.continue();
      return;
    }
    isFirst = false;
    await released;
    await route.continue({ postData: JSON.stringify({ values: { [fieldName]: 'довго'.repeat(100) } }) });
  });
  return release;
}

async function stored(id: number): Promise<Record<string, unknown>> {
  return (await office.get<{ values: Record<string, unknown> }>(`/records/contact/${id}`)).values;
}

test.describe('a cell of the list', () => {
  test('stays with its record when somebody else re-orders the rows', async ({ page }) => {
    const mine = await office.createPerson('Рядок Перший', { position: 'бондар' });
    const theirs = await office.createPerson('Рядок Другий', { position: 'вівчар' });
    await office.enter(page, `${LIST}?section=clients&${starting('Рядок')}&sort=position&columns=name,position`);
    await list.row(page, 'Рядок Перший').getByText('бондар').dblclick();
    const input = list.row(page, 'Рядок Перший').getByRole('textbox');
    await input.fill('бджоляр');
    await office.changeContact(theirs.id, { position: 'агроном' });
    await expect(list.grid(page).getByRole('row').nth(1)).toContainText('Рядок Другий');
    await expect(input).toHaveValue('бджоляр');
    await input.press('Enter');
    await expect(toast(page, 'Сохранено: Должность')).toBeVisible();
    expect((await stored(mine.id)).position).toBe('бджоляр');
    expect((await stored(theirs.id)).position).toBe('агроном');
  });

  test('keeps what was typed while the one before is being saved', async ({ page }) => {
    const release = await holdAndSpoil(page, 'position');
    await office.createPerson('Повільний', { position: 'муляр' });
    await office.enter(page, `${LIST}?section=clients&${starting('Повільний')}&columns=name,position,first_name`);
    const row = list.row(page, 'Повільний');
    await row.getByText('муляр').dblclick();
    await row.getByRole('textbox').fill('тесля');
    await row.getByRole('gridcell').nth(3).dblclick();
    await expect(row.getByRole('textbox')).toHaveCount(2);
    await row.getByRole('textbox').nth(1).fill('Іван');
    release();
    await expect(row.getByRole('alert')).toBeVisible();
    await expect(row.getByRole('textbox').nth(0)).toHaveValue('тесля');
    await expect(row.getByRole('textbox').nth(1)).toHaveValue('Іван');
  });

  test('lets one decide when somebody else was faster', async ({ page }) => {
    const person = await office.createPerson('Суперечний', { position: 'швець' });
    await office.enter(page, `${LIST}?section=clients&${starting('Суперечний')}&columns=name,position`);
    const row = list.row(page, 'Суперечний');
    await row.getByText('швець').dblclick();
    await row.getByRole('textbox').fill('кравець');
    await office.changeContact(person.id, { position: 'чоботар' });
    await row.getByRole('textbox').press('Enter');
    const dialog = page.getByRole('dialog', { name: 'Поле «Должность» уже изменили' });
    await expect(dialog).toContainText('чоботар');
    await dialog.getByRole('button', { name: 'Оставить моё' }).click();
    await expect(toast(page, 'Сохранено: Должность')).toBeVisible();
    await expect(row).toContainText('кравець');
    await expect(row.getByRole('textbox')).toHaveCount(0);
  });
});

test('a cell says so when its record leaves the list', async ({ page }) => {
  const person = await office.createPerson('Зниклий', { position: 'бондар' });
  await office.createPerson('Зниклий Другий');
  await office.enter(page, `${LIST}?section=clients&${starting('Зниклий')}&columns=name,position`);
  await list.row(page, 'Зниклий').getByText('бондар').dblclick();
  await list.row(page, 'Зниклий').getByRole('textbox').fill('бджоляр');
  await office.deleteContact(person.id);
  await expect(toast(page, 'Не сохранено: Должность. Запись больше не на экране.')).toBeVisible();
});

test.describe('a field of the card', () => {
  test('opens while the one before is being saved, and neither loses its text', async ({ page }) => {
    const release = await holdAndSpoil(page, 'position');
    const person = await office.createPerson('Поспішний', { position: 'стажер', remark: 'немає' });
    await office.enter(page, cardPath(person.id));
    await card.edit(page, 'Должность').click();
    await card.about(page).getByRole('textbox').fill('тесля');
    await card.edit(page, 'Примечание').click();
    const remark = card.about(page).getByRole('textbox').nth(1);
    await remark.fill('дзвонити зранку');
    release();
    await expect(card.about(page).getByRole('alert')).toBeVisible();
    await expect(card.about(page).getByRole('textbox').nth(0)).toHaveValue('тесля');
    await expect(remark).toHaveValue('дзвонити зранку');
    await expect(remark).toBeFocused();

    await card.about(page).getByRole('textbox').nth(0).fill('майстер');
    await page.keyboard.press('Enter');
    await expect(card.edit(page, 'Должность')).toBeFocused();
    expect(await stored(person.id)).toMatchObject({ position: 'майстер', remark: 'дзвонити зранку' });
  });

  test('gives the focus back after Enter and after Escape', async ({ page }) => {
    const person = await office.createPerson('Фокусний', { position: 'швець' });
    await office.enter(page, cardPath(person.id));
    await expect(page).toHaveTitle('Фокусний — Kartoteka');
    await card.edit(page, 'Должность').click();
    await page.keyboard.press('Escape');
    await expect(card.edit(page, 'Должность')).toBeFocused();
    await card.edit(page, 'Телефоны и почта').first().click();
    await expect(card.about(page).getByRole('button', { name: 'Телефон', exact: true })).toBeFocused();
  });
});

test.describe('phones and addresses', () => {
  test('are saved when another field is opened', async ({ page }) => {
    const person = await office.createPerson('Блокова', { position: 'швачка', channels: [phone('067 410 10 10')] });
    await office.enter(page, cardPath(person.id));
    await card.edit(page, 'Телефоны и почта').first().click();
    await card.about(page).getByRole('textbox', { name: 'Телефон' }).fill('067 410 10 11');
    await card.edit(page, 'Должность').click();
    await expect(card.about(page)).toContainText('+380 67 410 10 11');
    await expect(card.about(page).getByRole('textbox')).toHaveValue('швачка');
  });

  test('hold the card until they are right', async ({ page }) => {
    const first = await office.createPerson('Сторож Другий', { channels: [phone('067 420 10 10')] });
    await office.createPerson('Сторож Перший');
    await office.enter(page, cardPath(first.id, `?section=clients&${starting('Сторож')}&sort=last_name`));
    await card.edit(page, 'Телефоны и почта').first().click();
    const number = card.about(page).getByRole('textbox', { name: 'Телефон' });
    await number.fill('нема');
    await page.getByRole('button', { name: 'Следующая карточка (J)' }).click();
    await expect(toast(page, 'Сначала исправьте или отмените: Телефоны и почта')).toBeVisible();
    await expect(card.about(page).getByRole('alert')).toContainText('не похоже на телефон');
    await expect(number).toHaveValue('нема');

    await number.fill('067 420 10 11');
    await page.getByRole('button', { name: 'Следующая карточка (J)' }).click();
    await expect(page.getByRole('heading', { level: 1, name: 'Сторож Перший' })).toBeVisible();
    expect(JSON.stringify((await stored(first.id)).channels)).toContain('+380674201011');
  });

  test('outlive a look at the history in the panel', async ({ page }) => {
    const person = await office.createPerson('Панельна', { channels: [phone('067 430 10 10')] });
    await office.enter(page, `${LIST}?section=clients&${starting('Панельна')}&open=${person.id}`);
    const panel = list.panel(page, 'Панельна');
    await card.edit(page, 'Телефоны и почта').first().click();
    await panel.getByRole('textbox', { name: 'Телефон' }).fill('067 430 10 11');
    await panel.getByRole('tab', { name: 'История' }).click();
    await panel.getByRole('tab', { name: 'О контакте' }).click();
    await expect(panel.getByRole('textbox', { name: 'Телефон' })).toHaveValue('067 430 10 11');
    await page.getByRole('button', { name: 'Закрыть карточку' }).click();
    await expect(panel).toBeHidden();
    expect(JSON.stringify((await stored(person.id)).channels)).toContain('+380674301011');
  });
});

test.describe('Undo in a message', () => {
  test('says when it is refused, though its screen has gone', async ({ page }) => {
    const person = await office.createPerson('Двічі Скасований');
    await office.enter(page, cardPath(person.id, '?section=clients'));
    await page.getByRole('button', { name: 'Действия с карточкой' }).click();
    await page.getByRole('menuitem', { name: 'Удалить', exact: true }).click();
    const message = toast(page, 'Двічі Скасований: в корзине');
    await expect(message).toBeVisible();
    const { items } = await office.get<{ items: { id: number }[] }>('/operations?limit=1');
    await office.post(`/operations/${items[0]?.id ?? 0}/undo`, {});
    await message.getByRole('button', { name: 'Отменить' }).click();
    await expect(toast(page, 'Эта операция уже отменена.')).toBeVisible();
  });
});

test.describe('the history', () => {
  test('shows the card as it was', async ({ page }) => {
    const person = await office.createPerson('Колишній', { position: 'учень' });
    await office.changeContact(person.id, { position: 'майстер' });
    await office.enter(page, cardPath(person.id));
    await page.getByRole('article').filter({ hasText: 'Создание' }).getByRole('button', { name: 'Карточка тогда' }).click();
    const then = page.getByRole('dialog', { name: /^Как было: / });
    await expect(then).toContainText('учень');
    await expect(then.getByText('позже изменено')).toBeVisible();
    await expect(then).not.toContainText('майстер');
    await then.getByRole('button', { name: 'Закрыть' }).last().click();
    await expect(page.getByRole('main').getByText('майстер').first()).toBeVisible();
  });

  test('asks when the value it brings back has changed meanwhile', async ({ page }) => {
    // Without the live updates the card does not hear of the other person.
    await page.route('**/api/v1/events', (route) => route.abort());
    const person = await office.createPerson('Історичний', { position: 'учень' });
    await office.changeContact(person.id, { position: 'помічник', remark: 'разом' });
    await office.enter(page, cardPath(person.id));
    const restore = card.history(page).getByRole('button', { name: 'Вернуть прежнее значение: Должность' });
    await expect(restore).toBeVisible();
    await office.changeContact(person.id, { position: 'майстер' });
    await restore.click();
    const dialog = page.getByRole('dialog', { name: 'Поле «Должность» уже изменили' });
    await expect(dialog).toContainText('майстер');
    await dialog.getByRole('button', { name: 'Оставить моё' }).click();
    await expect(card.about(page)).toContainText('учень');
  });

  test('offers one way back where both would do the same', async ({ page }) => {
    const person = await office.createPerson('Єдиний', { position: 'учень' });
    await office.changeContact(person.id, { position: 'помічник' });
    await office.enter(page, cardPath(person.id));
    const change = card.history(page).getByRole('listitem').filter({ hasText: 'помічник' });
    await expect(change.getByRole('button')).toHaveText(['Отменить', 'Карточка тогда']);
    await change.getByRole('button', { name: 'Отменить' }).click();
    await expect(toast(page, 'Отменено')).toBeVisible();
    await expect(card.about(page)).toContainText('учень');
  });
});

test.describe('the list', () => {
  test('keeps the others ticked when one of all is unticked', async ({ page }) => {
    for (const name of ['Усякий Перший', 'Усякий Другий', 'Усякий Третій']) await office.createPerson(name);
    await office.enter(page, `${LIST}?section=clients&${starting('Усякий')}`);
    await page.getByRole('checkbox', { name: 'Отметить: Усякий Перший' }).check();
    await page.getByRole('checkbox', { name: 'Отметить: Усякий Другий' }).check();
    const bar = page.getByRole('toolbar', { name: 'Действия с отмеченными' });
    await bar.getByRole('button', { name: 'Отметить все 3' }).click();
    await page.getByRole('checkbox', { name: 'Отметить: Усякий Третій' }).uncheck();
    await expect(bar).toContainText('Отмечено: 2');
    await expect(page.getByRole('checkbox', { name: 'Отметить: Усякий Перший' })).toBeChecked();
    await expect(page.getByRole('checkbox', { name: 'Отметить: Усякий Третій' })).not.toBeChecked();
  });

  test('changes a saved view twice in a row', async ({ page }) => {
    await office.createPerson('Видова', { warmth: 'hot' });
    await office.enter(page, `${LIST}?section=clients&${starting('Видова')}`);
    await page.getByRole('button', { name: 'Сохранить как вид' }).click();
    const save = async (name: string): Promise<void> => {
      await page.getByRole('dialog').getByLabel('Название').fill(name);
      await page.getByRole('dialog').getByRole('button', { name: 'Сохранить' }).click();
      await expect(page.getByRole('dialog')).toBeHidden();
      await expect(page.getByRole('tab', { name, exact: true })).toHaveAttribute('aria-selected', 'true');
    };
    await save('Нулевой');
    for (const name of ['Первый', 'Второй']) {
      await page.getByRole('button', { name: /Вид «.+»: действия/ }).click();
      await page.getByRole('menuitem', { name: 'Название и доступ' }).click();
      await save(name);
    }
  });

  test('is found again where it was left, under its name', async ({ page }) => {
    for (let index = 10; index < 70; index += 1) await office.createPerson(`Довгий ${index}`);
    await office.enter(page, `${LIST}?section=clients&${starting('Довгий')}&sort=last_name`);
    await expect(page).toHaveTitle('Клиенты — Kartoteka');
    await list.row(page, 'Довгий 10').getByText('Довгий 10').hover();
    await page.mouse.wheel(0, 1_200);
    await expect(list.row(page, 'Довгий 50')).toBeInViewport();
    await list.row(page, 'Довгий 50').getByRole('link').click();
    await page.getByRole('link', { name: 'Открыть на всю страницу' }).click();
    await expect(page.getByRole('heading', { level: 1, name: 'Довгий 50' })).toBeVisible();
    await page.getByRole('button', { name: 'Назад к списку' }).click();
    await expect(list.row(page, 'Довгий 50')).toBeInViewport();
    await expect(page).toHaveTitle('Клиенты — Kartoteka');
  });

  test('lets the page have its key, and a width be typed', async ({ page }) => {
    await office.createPerson('Широкий', { position: 'столяр' });
    await office.enter(page, `${LIST}?section=clients&${starting('Широкий')}&columns=name,position`);
    await page.getByRole('button', { name: /колон/ }).click();
    const width = page.getByRole('spinbutton', { name: 'Ширина: Должность' });
    await width.press('Control+A');
    await width.pressSequentially('312');
    await width.press('Enter');
    await expect(page).toHaveURL(/position(:|%3A)312/);
    await page.keyboard.press('Escape');
    await list.grid(page).focus();
    await page.keyboard.press('c');
    await expect(page).toHaveURL(/\/records\/contact\/new/);
  });
});
