/** Who sees a card: sharing with people and teams, for one card and for many, and why somebody may. */
import { expectAccessible } from './support/accessible';
import { Office } from './support/office';
import { card, list, toast } from './support/screens';
import { expect, test } from './support/test';

const office = Office.forThisFile();
const LIST = '/records/contact?section=clients';

test('a card is opened to a person and to a team, for reading and for changing', async ({ page, otherPage }) => {
  const reader = await office.createUser('employee', 'Марта Вовк', 'marta');
  await office.post('/records/team', { values: { name: 'Продажи', members: [reader.id] } });
  const contact = await office.createPerson('Потаємний');
  await office.enter(otherPage, `/records/contact/${contact.id}`, reader);
  await expect(otherPage.getByText('Такой записи нет, или она вам не видна.')).toBeVisible();

  await office.enter(page, `/records/contact/${contact.id}`);
  await page.getByRole('button', { name: 'Доступ: Только менеджеры' }).click();
  const dialog = page.getByRole('dialog', { name: 'Кто видит эту карточку' });
  await dialog.getByRole('combobox', { name: 'Добавить человека' }).fill('Марта');
  await dialog.getByRole('option', { name: 'Марта Вовк' }).click();
  await expect(dialog.getByRole('combobox', { name: 'Марта Вовк: что можно' })).toHaveValue('read');
  await expectAccessible(page, 'who sees a card');
  await dialog.getByRole('button', { name: 'Сохранить' }).click();
  await expect(toast(page, 'Доступ изменён: Потаємний')).toBeVisible();
  await expect(page.getByRole('button', { name: 'Доступ: Открыта: 1' })).toBeVisible();
  await otherPage.reload();
  await expect(otherPage.getByRole('heading', { name: 'Потаємний' })).toBeVisible();
  await expect(card.edit(otherPage, 'Фамилия')).toBeHidden();
  // Whoever only reads sees with whom it is shared, and changes nothing of it.
  await otherPage.getByRole('button', { name: 'Доступ: Открыта: 1' }).click();
  await expect(otherPage.getByRole('dialog')).toContainText('Эту карточку вы только читаете');
  await otherPage.keyboard.press('Escape');

  await page.getByRole('button', { name: 'Доступ: Открыта: 1' }).click();
  await dialog.getByRole('button', { name: 'Убрать: Марта Вовк' }).click();
  await dialog.getByRole('combobox', { name: 'Добавить команду' }).fill('Прод');
  await dialog.getByRole('option', { name: 'Продажи' }).click();
  await dialog.getByRole('combobox', { name: 'Продажи: что можно' }).selectOption('write');
  await dialog.getByRole('button', { name: 'Сохранить' }).click();
  await expect(dialog).toBeHidden();
  await otherPage.reload();
  await expect(card.edit(otherPage, 'Фамилия')).toBeAttached();

  await toast(page, 'Доступ изменён: Потаємний').getByRole('button', { name: 'Отменить' }).click();
  await expect(toast(page, 'Отменено')).toBeVisible();
  await otherPage.reload();
  await expect(card.edit(otherPage, 'Фамилия')).toBeHidden();
});

test('many cards are opened at once, and closed again', async ({ page, otherPage }) => {
  const reader = await office.createUser('employee', 'Ігор Бук', 'ihor');
  for (const name of ['Гуртовий', 'Гуртова']) await office.createPerson(name);
  await office.enter(page, `${LIST}&q=${encodeURIComponent('Гурт')}`);
  const bar = page.getByRole('toolbar', { name: 'Действия с отмеченными' });

  async function share(what: string, button: string): Promise<void> {
    for (const name of ['Гуртовий', 'Гуртова']) await page.getByRole('checkbox', { name: `Отметить: ${name}` }).check();
    await bar.getByRole('button', { name: 'Дать доступ' }).click();
    const dialog = page.getByRole('dialog', { name: 'Дать доступ: 2' });
    await dialog.getByText(what, { exact: true }).click();
    await dialog.getByRole('combobox', { name: 'Добавить человека' }).fill('Ігор');
    await dialog.getByRole('option', { name: 'Ігор Бук' }).click();
    await expectAccessible(page, 'access of many cards');
    await dialog.getByRole('button', { name: button }).click();
    await expect(dialog).toBeHidden();
  }

  await share('может читать', 'Дать доступ: 2');
  await office.enter(otherPage, LIST, reader);
  await expect(list.row(otherPage, 'Гуртовий')).toBeVisible();
  await expect(list.row(otherPage, 'Гуртова')).toBeVisible();
  await share('убрать доступ', 'Убрать доступ: 2');
  await expect(async () => {
    await otherPage.reload();
    await expect(otherPage.getByText('Гуртовий')).toHaveCount(0, { timeout: 2_000 });
    await expect(otherPage.getByRole('heading', { name: 'Клиенты' })).toBeAttached();
  }).toPass();
});

test('a card says who may do what with it, and why', async ({ page }) => {
  const employee = await office.createUser('employee', 'Ганна Ясен', 'hanna');
  await office.createUser('employee', 'Левко Сорока', 'levko');
  const contact = await office.createPerson('Питаний', { readers: [employee.id] });
  await office.enter(page, `/records/contact/${contact.id}`);
  await page.getByRole('button', { name: 'Действия с карточкой' }).click();
  await page.getByRole('menuitem', { name: 'Кто что может…' }).click();
  await expect(page.getByRole('dialog', { name: 'Кто что может: Питаний' })).toContainText('Ганна Ясен');
  await expect(page.getByRole('dialog').getByRole('button', { name: /Левко Сорока/ })).toBeHidden();
  await expectAccessible(page, 'who may do what');
  await page.getByRole('dialog').getByRole('button', { name: /Ганна Ясен/ }).click();
  const why = page.getByRole('dialog', { name: 'Почему: Ганна Ясен' });
  await expect(why.getByRole('listitem').filter({ hasText: /^Видит/ })).toContainText('Сотрудник: свои и открытые ему — подходит');
  await expect(why.getByRole('listitem').filter({ hasText: /^Меняет/ }).first()).toContainText('не подходит');
  await expect(why).toContainText('Учётная запись: только чтение');
  // The button that was pressed is gone; the keyboard still leaves.
  await page.keyboard.press('Escape');
  await expect(why).toBeHidden();
  await page.getByRole('button', { name: 'Действия с карточкой' }).click();
  await page.getByRole('menuitem', { name: 'Кто что может…' }).click();
  await expect(page.getByRole('dialog', { name: 'Кто что может: Питаний' })).toBeVisible();
});

test('a deal is handed to somebody else, and restricted, in one window', async ({ page }) => {
  const next = await office.createUser('employee', 'Тарас Лис', 'taras');
  const { record } = await office.post<{ record: { id: number } }>('/records/deal', { values: { title: 'Дах школи' } });
  await office.enter(page, `/records/deal/${record.id}`);
  await page.getByRole('button', { name: 'Доступ: Все могут изменять' }).click();
  const dialog = page.getByRole('dialog', { name: 'Кто видит эту карточку' });
  const owner = dialog.getByRole('region', { name: 'Ответственный' });
  await expect(owner).toContainText('Олена Ковальчук');
  await owner.getByRole('combobox', { name: 'Передать другому' }).fill('Тарас');
  await dialog.getByRole('option', { name: 'Тарас Лис' }).click();
  await dialog.getByText('Только выбранные').click();
  await dialog.getByRole('button', { name: 'Сохранить' }).click();
  await expect(toast(page, 'Доступ изменён: Дах школи')).toBeVisible();
  const { values } = await office.get<{ values: { responsible: { id: number }; visibility: string } }>(`/records/deal/${record.id}`);
  expect([values.responsible.id, values.visibility]).toEqual([next.id, 'private']);
});
