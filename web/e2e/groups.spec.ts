/** Groups and tags: the tree, rules that are rehearsed, who belongs to what and why, tags on the spot, with and without. */
import type { Locator, Page } from '@playwright/test';
import { drag } from './support/drag';
import { Office, type StoredRecord } from './support/office';
import { card, field, list, toast } from './support/screens';
import { expect, test } from './support/test';

const office = Office.forThisFile();

function group(page: Page, name: string): Locator {
  return page.getByRole('treeitem', { name, exact: true });
}

async function createGroup(values: Record<string, unknown>): Promise<number> {
  return (await office.post<{ record: StoredRecord }>('/records/group', { values })).record.id;
}

async function createTag(values: Record<string, unknown>): Promise<number> {
  return (await office.post<{ record: StoredRecord }>('/records/tag', { values })).record.id;
}

/** Chooses from the menu of a group. */
async function fromMenu(page: Page, name: string, action: string): Promise<void> {
  await page.getByRole('button', { name: `Группа «${name}»: действия` }).click();
  await page.getByRole('menuitem', { name: action }).click();
}

/** Starts a condition on a field, from the place that has the button for it. */
async function startCondition(page: Page, place: Page | Locator, fieldName: string): Promise<Locator> {
  await place.getByRole('button', { name: 'Условие', exact: true }).click();
  const sheet = page.getByRole('dialog', { name: 'Новое условие' });
  await sheet.getByRole('button', { name: fieldName, exact: true }).click();
  return sheet;
}

/** Chooses in a field of groups or tags, and saves it. */
async function putInto(page: Page, fieldName: string, text: string, option: string): Promise<void> {
  await card.edit(page, fieldName).click();
  await page.getByRole('combobox', { name: fieldName, exact: true }).fill(text);
  await page.getByRole('option', { name: option, exact: true }).click();
  await page.getByRole('button', { name: 'Сохранить', exact: true }).click();
  await expect(toast(page, `Сохранено: ${fieldName}`)).toBeVisible();
}

function listOf(filter: string): string {
  return `/records/contact?filter=${encodeURIComponent(filter)}`;
}

test('a group by hand, and one by a rule that is rehearsed before it is saved', async ({ page }) => {
  await office.createPerson('Гарячий', { warmth: 'hot' });
  await office.createPerson('Теплий', { warmth: 'warm' });
  await office.enter(page);
  await page.getByRole('navigation').getByRole('link', { name: 'Группы' }).click();
  await expect(page.getByText('Групп пока нет')).toBeVisible();

  await page.getByRole('button', { name: 'Новая группа' }).click();
  await page.getByRole('button', { name: 'Создать группу' }).click();
  await expect(field(page, 'Название')).toBeFocused();
  await expect(page.getByRole('alert')).toContainText('Заполните это поле');
  await field(page, 'Название').fill('Сегменты');
  await page.getByRole('button', { name: 'Создать группу' }).click();
  await expect(group(page, 'Сегменты')).toBeVisible();

  await fromMenu(page, 'Сегменты', 'Добавить группу внутрь');
  const dialog = page.getByRole('dialog', { name: 'Новая группа' });
  await expect(dialog.getByRole('combobox', { name: 'Входит в группу' })).toHaveValue('Сегменты');
  await field(dialog, 'Название').fill('Горячие');
  await dialog.getByText('По правилу', { exact: true }).click();
  const sheet = await startCondition(page, dialog, 'Теплота');
  await sheet.getByRole('checkbox', { name: 'Горячий' }).check();
  await sheet.getByRole('button', { name: 'Применить' }).click();
  await expect(dialog.getByRole('status')).toHaveText('Подходит 1 контакт');
  await expect(dialog.getByText('Гарячий')).toBeVisible();

  // What chips cannot show is text; what cannot be read is said before it is saved.
  await dialog.getByRole('button', { name: 'Правило текстом' }).click();
  await page.getByRole('textbox', { name: 'Условия текстом' }).fill('warmth =');
  await page.getByRole('button', { name: 'Применить' }).click();
  await expect(dialog.getByRole('status')).toContainText('прочитать не удалось');
  await dialog.getByRole('button', { name: 'Правило текстом' }).click();
  await page.getByRole('textbox', { name: 'Условия текстом' }).fill('warmth = hot or warmth = warm');
  await page.getByRole('button', { name: 'Применить' }).click();
  await expect(dialog.getByRole('status')).toHaveText('Подходят 2 контакта');
  await dialog.getByRole('button', { name: 'Создать группу' }).click();

  await expect(group(page, 'Горячие, по правилу')).toHaveAttribute('aria-level', '2');
  await expect(group(page, 'Горячие, по правилу')).toContainText('2');
  await expect(group(page, 'Сегменты')).toContainText('2');
});

test('the tree is walked, folded and re-arranged by keyboard', async ({ page }) => {
  const north = await createGroup({ name: 'Я Север' });
  await createGroup({ name: 'Я Порт', parent: north });
  await createGroup({ name: 'Я Юг' });
  await office.enter(page, '/groups');
  await group(page, 'Я Север').focus();
  await page.keyboard.press('ArrowDown');
  await expect(group(page, 'Я Порт')).toBeFocused();
  await page.keyboard.press('ArrowLeft');
  await expect(group(page, 'Я Север')).toBeFocused();
  await page.keyboard.press('ArrowLeft');
  await expect(group(page, 'Я Порт')).toHaveCount(0);
  await page.reload();
  await expect(group(page, 'Я Север')).toHaveAttribute('aria-expanded', 'false');
  await group(page, 'Я Север').focus();
  await page.keyboard.press('ArrowRight');
  await expect(group(page, 'Я Порт')).toBeVisible();

  await fromMenu(page, 'Я Юг', 'Переместить…');
  const dialog = page.getByRole('dialog', { name: 'Переместить группу «Я Юг»' });
  await dialog.getByRole('combobox').fill('порт');
  await page.getByRole('option', { name: 'Я Север / Я Порт' }).click();
  await dialog.getByRole('button', { name: 'Переместить' }).click();
  await expect(group(page, 'Я Юг')).toHaveAttribute('aria-level', '3');
  await toast(page, '«Я Юг» теперь в группе «Я Порт»').getByRole('button', { name: 'Отменить' }).click();
  await expect(group(page, 'Я Юг')).toHaveAttribute('aria-level', '1');

  await group(page, 'Я Юг').focus();
  await page.keyboard.press('Delete');
  await expect(group(page, 'Я Юг')).toHaveCount(0);
  await toast(page, 'Группа «Я Юг» удалена').getByRole('button', { name: 'Отменить' }).click();
  await expect(group(page, 'Я Юг')).toBeVisible();
});

test('a group is dragged into another one, and never into itself', async ({ page }) => {
  const outer = await createGroup({ name: 'Ю Внешняя' });
  await createGroup({ name: 'Ю Внутренняя', parent: outer });
  await createGroup({ name: 'Ю Третья' });
  await office.enter(page, '/groups');
  await drag(group(page, 'Ю Третья'), group(page, 'Ю Внешняя'));
  await expect(group(page, 'Ю Третья')).toHaveAttribute('aria-level', '2');
  await drag(group(page, 'Ю Внешняя'), group(page, 'Ю Внутренняя'));
  await expect(toast(page, 'Группу нельзя поместить в неё саму')).toBeVisible();
  // The head of the tree is the place once something is dragged.
  await drag(group(page, 'Ю Третья'), page.getByText('На верхний уровень', { exact: true }));
  await expect(group(page, 'Ю Третья')).toHaveAttribute('aria-level', '1');
});

test('a contact is put in, belongs to a smart group once its field fits, and the card says why', async ({ page }) => {
  const outer = await createGroup({ name: 'Регионы' });
  await createGroup({ name: 'Запад', parent: outer });
  await createGroup({ name: 'Остывшие', kind: 'smart', rule: 'warmth = cold and kind = person' });
  const { id } = await office.createPerson('Груповий');
  await office.createPerson('Сторонній');
  await office.enter(page, `/records/contact/${id}`);
  await putInto(page, 'Группы', 'За', 'Запад Регионы');
  await expect(page.getByRole('list', { name: 'По правилу' })).toHaveCount(0);

  await card.about(page).getByRole('button', { name: /Показать .* пуст/ }).click();
  await card.edit(page, 'Теплота').click();
  await page.getByRole('combobox', { name: 'Теплота' }).or(card.about(page).locator('select')).first().selectOption({ label: 'Холодный' });
  await page.keyboard.press('Enter');
  const byRule = page.getByRole('list', { name: 'По правилу' });
  await expect(byRule).toContainText('Остывшие');
  await byRule.getByRole('button', { name: 'Почему в группе «Остывшие»?' }).click();
  const why = page.getByRole('dialog', { name: 'Почему в группе «Остывшие»?' });
  await expect(why.getByRole('listitem')).toHaveText(['Теплота Холодный', 'Вид Человек']);
  await expect(why.getByRole('img', { name: 'выполнено', exact: true })).toHaveCount(2);
  await page.keyboard.press('Escape');

  // The chip leads to the list of the group; that of the group above has him too.
  await card.about(page).getByRole('link', { name: 'Запад' }).click();
  await expect(list.row(page, 'Груповий')).toBeVisible();
  await expect(list.row(page, 'Сторонній')).toHaveCount(0);
  await page.getByRole('button', { name: /^Группы Запад/ }).click();
  const sheet = page.getByRole('dialog', { name: 'Изменить условие' });
  await sheet.getByRole('checkbox', { name: 'Запад' }).uncheck();
  await sheet.getByRole('checkbox', { name: 'Регионы' }).check();
  await sheet.getByRole('button', { name: 'Применить' }).click();
  await expect(page.getByRole('button', { name: /^Группы Регионы/ })).toBeVisible();
  await expect(list.row(page, 'Груповий')).toBeVisible();
});

test('a tag is made on the spot, found with it and without it', async ({ page }) => {
  const { id } = await office.createPerson('Тегований');
  await office.createPerson('Безтеговий');
  await office.enter(page, `/records/contact/${id}`);
  await putInto(page, 'Теги', 'Постійний клієнт', 'Создать «Постійний клієнт»');
  await card.edit(page, 'Теги').click();
  await page.getByRole('combobox', { name: 'Теги', exact: true }).fill('постійний клієнт');
  await expect(page.getByRole('option', { name: 'Постійний клієнт' })).toBeVisible();
  await expect(page.getByRole('option', { name: /Создать/ })).toHaveCount(0);
  await page.keyboard.press('Escape');

  await office.enter(page, listOf('last_name in ("Тегований", "Безтеговий")'));
  const sheet = await startCondition(page, page, 'Теги');
  await sheet.getByRole('checkbox', { name: 'Постійний клієнт' }).check();
  await sheet.getByRole('button', { name: 'Применить' }).click();
  await expect(list.row(page, 'Безтеговий')).toHaveCount(0);
  await expect(list.row(page, 'Тегований')).toBeVisible();

  await page.getByRole('button', { name: /^Теги Постійний клієнт/ }).click();
  const change = page.getByRole('dialog', { name: 'Изменить условие' });
  await change.getByRole('combobox', { name: 'Сравнение' }).selectOption({ label: 'без' });
  await change.getByRole('checkbox', { name: 'Постійний клієнт' }).check();
  await change.getByRole('button', { name: 'Применить' }).click();
  await expect(list.row(page, 'Безтеговий')).toBeVisible();
  await expect(list.row(page, 'Тегований')).toHaveCount(0);
  await expect(page.getByRole('button', { name: /^Теги без Постійний клієнт/ })).toBeVisible();
});

test('a tag is put on many cards at once, and taken off, beside what stands there', async ({ page }) => {
  const [kept, put] = [await createTag({ name: 'Стоит давно' }), await createTag({ name: 'Ставим всем' })];
  const people = [await office.createPerson('Масовий Перший', { tags: [kept] }), await office.createPerson('Масовий Другий')];
  await office.enter(page, listOf('last_name starts with "Масовий"'));
  const change = async (mode: string): Promise<void> => {
    await page.getByRole('checkbox', { name: 'Отметить все загруженные' }).check();
    await page.getByRole('toolbar', { name: 'Действия с отмеченными' }).getByRole('button', { name: 'Изменить' }).click();
    const dialog = page.getByRole('dialog', { name: 'Изменить отмеченные: 2' });
    await dialog.getByLabel('Поле').selectOption('tags');
    await dialog.getByText(mode, { exact: true }).first().click();
    await dialog.getByRole('combobox', { name: 'Теги' }).fill('Ставим');
    await page.getByRole('option', { name: 'Ставим всем' }).click();
    await dialog.getByRole('button', { name: 'Изменить 2' }).click();
  };
  const tags = async (): Promise<unknown[]> =>
    Promise.all(people.map(async ({ id }) => ((await office.get<StoredRecord>(`/records/contact/${id}`)).values.tags as { id: number }[] | undefined)?.map((tag) => tag.id) ?? []));
  await change('Добавить');
  await expect.poll(tags).toEqual([[kept, put], [put]]);
  await change('Убрать');
  await expect.poll(tags).toEqual([[kept], []]);
});

test('a tag for a group is offered to its contacts; to others it is found by typing', async ({ page }) => {
  const dealers = await createGroup({ name: 'Дилеры' });
  await createTag({ name: 'Дилерская скидка', groups: [dealers] });
  await createTag({ name: 'Дилерам и всем' });
  const inside = await office.createPerson('Дилерчук', { groups: [dealers] });
  const outside = await office.createPerson('Недилер');
  await office.enter(page, `/records/contact/${outside.id}`);
  await card.edit(page, 'Теги').click();
  const options = page.getByRole('option');
  await expect(options.filter({ hasText: 'Дилерам и всем' })).toBeVisible();
  await expect(options.filter({ hasText: 'Дилерская скидка' })).toHaveCount(0);
  await page.getByRole('combobox', { name: 'Теги', exact: true }).fill('Дилер');
  await expect(page.getByText('Для других групп')).toBeVisible();
  await expect(options.filter({ hasText: 'Дилерская скидка' })).toBeVisible();

  await office.enter(page, `/records/contact/${inside.id}`);
  await card.edit(page, 'Теги').click();
  await expect(options.filter({ hasText: 'Дилерская скидка' })).toBeVisible();
});

test('the keeper of the tags renames, recolours and deletes them, and takes it back', async ({ page }) => {
  const id = await createTag({ name: 'Выставка' });
  await office.createPerson('Відвідувач', { tags: [id] });
  await office.enter(page, '/settings/tags');
  const row = (name: string): Locator => page.getByRole('row').filter({ hasText: name });
  await expect(row('Выставка').getByRole('link')).toHaveText('1');
  await row('Выставка').getByRole('button', { name: 'Выставка', exact: true }).click();
  await field(page, 'Название').fill('Выставка 2026');
  await page.getByRole('radio', { name: 'Зелёный' }).check();
  await page.getByRole('button', { name: 'Сохранить', exact: true }).click();
  await expect(toast(page, 'Тег «Выставка 2026» изменён')).toBeVisible();
  expect((await office.get<StoredRecord>(`/records/tag/${id}`)).values).toMatchObject({ name: 'Выставка 2026', color: 'green' });

  await page.getByRole('button', { name: 'Тег «Выставка 2026»: действия' }).click();
  await page.getByRole('menuitem', { name: 'Удалить', exact: true }).click();
  await expect(row('Выставка 2026')).toHaveCount(0);
  await toast(page, 'Тег «Выставка 2026» удалён').getByRole('button', { name: 'Отменить' }).click();
  await expect(row('Выставка 2026').getByRole('link')).toHaveText('1');
});

test('an employee uses groups and makes tags, but does not shape them', async ({ page }) => {
  await createGroup({ name: 'Только смотреть' });
  const employee = await office.createUser('employee', 'Ірина Сич', 'iryna-groups');
  await office.enter(page, '/groups', employee);
  await expect(group(page, 'Только смотреть')).toBeVisible();
  await expect(page.getByRole('button', { name: 'Новая группа' })).toHaveCount(0);
  await page.getByRole('button', { name: 'Группа «Только смотреть»: действия' }).click();
  await expect(page.getByRole('menuitem')).toHaveText(['Показать контакты', 'Задачи и мероприятия группы']);
  await office.enter(page, '/settings/tags', employee);
  await expect(page.getByText('Теги ведут руководитель и администратор')).toBeVisible();
});

test('the counts of all groups in sight come with one request', async ({ page }) => {
  for (const at of Array.from({ length: 8 }, (_, index) => index)) await office.post('/records/group', { values: { name: `Лічена ${at}` } });
  await office.enter(page, '/records/contact');
  const asked: number[] = [];
  page.on('request', (request) => {
    if (request.url().endsWith('/records/contact/counts')) asked.push((request.postDataJSON() as { filters: string[] }).filters.length);
    else if (/\/records\/contact\/count\?.*groups/.test(request.url())) asked.push(1);
  });
  await page.getByRole('link', { name: 'Группы' }).first().click();
  const rows = page.getByRole('treeitem', { name: /^Лічена/ });
  await expect(rows).toHaveCount(8);
  await expect(rows.last()).toContainText('0');
  expect(asked).toHaveLength(1);
  expect(asked[0]).toBeGreaterThanOrEqual(8);
});

test('a chosen tag keeps its colour while the card is edited', async ({ page }) => {
  const tag = await createTag({ name: 'Червона', color: 'red' });
  const { id } = await office.createPerson('Барвистий', { tags: [tag] });
  await office.enter(page, `/records/contact/${id}`);
  const badge = card.about(page).getByText('Червона', { exact: true });
  const colors = (element: Element): string[] => [getComputedStyle(element).color, getComputedStyle(element).backgroundColor];
  const shown = await badge.evaluate(colors);
  await card.edit(page, 'Теги').click();
  const chip = page.getByText('Червона', { exact: true }).locator('..').filter({ has: page.getByRole('button', { name: /Червона/ }) });
  await expect.poll(() => chip.evaluate(colors)).toEqual(shown);
});
