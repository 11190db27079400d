/** Employees are contacts: a user gets a card, the card says what he may do; and a card makes its neighbours. */
import { Office } from './support/office';
import { card, field, list, toast } from './support/screens';
import { expect, test } from './support/test';

const office = Office.forThisFile();
const USERS = '/settings/users';

test('a user gets a card, which tells his access level', async ({ page }) => {
  const supervisor = await office.createUser('supervisor', 'Роман Петрович Лисенко', 'roman');
  await office.enter(page, USERS);
  const row = page.getByRole('row').filter({ hasText: 'Роман Петрович Лисенко' });
  await row.getByRole('button', { name: 'Создать карточку' }).click();
  await expect(row.getByRole('link', { name: 'Лисенко Роман Петрович' })).toBeVisible();

  // One press takes it back, and another makes it again.
  await toast(page, 'Карточка создана').getByRole('button', { name: 'Отменить' }).click();
  await row.getByRole('button', { name: 'Создать карточку' }).click();
  await row.getByRole('link', { name: 'Лисенко Роман Петрович' }).click();
  await expect(page.getByRole('heading', { level: 1, name: 'Лисенко Роман Петрович' })).toBeVisible();
  await expect(card.related(page)).toContainText(/Уровень доступа\s*Руководитель/);
  await expect(card.related(page)).toContainText('активна');
  await card.related(page).getByRole('link', { name: 'Пользователи' }).click();
  await expect(row).toBeVisible();

  // Where his name stands, a pop-up shows his card.
  const client = await office.createPerson('Доглянута', { managers: [supervisor.id] });
  await page.goto(`${office.url}/records/contact/${client.id}`);
  await card.about(page).getByText('Роман Петрович Лисенко').hover();
  const popUp = page.getByRole('dialog', { name: /Лисенко Роман Петрович/ });
  await expect(popUp.getByRole('link', { name: 'Лисенко Роман Петрович' })).toBeVisible();
  await page.mouse.move(700, 850);
  await expect(popUp).toBeHidden();

  // Colleagues find him in the section of employees, and may not say whose card it is.
  await office.enter(page, '/records/contact', supervisor);
  await page.getByRole('navigation', { name: 'Разделы' }).getByRole('link', { name: 'Сотрудники' }).click();
  await list.row(page, 'Лисенко Роман Петрович').getByRole('link').click();
  const panel = list.panel(page, 'Лисенко Роман Петрович');
  await expect(panel.getByText('Учётная запись')).toBeVisible();
  await expect(card.edit(page, 'Фамилия')).toBeAttached();
  await expect(card.edit(page, 'Учётная запись')).toHaveCount(0);
});

test('a contact becomes the card of a user, whose e-mail it may have already', async ({ page }) => {
  const known = await office.createPerson('Гнатюк', { first_name: 'Соломія', channels: [{ kind: 'email', value: 'sol@karpaty.example' }] });
  const { id } = await office.createUser('employee', 'Соломія Гнатюк', 'solomia');
  await office.patch(`/records/user/${id}`, { values: { email: 'sol@karpaty.example' } });
  await office.enter(page, USERS);
  const row = page.getByRole('row').filter({ hasText: 'Соломія Гнатюк' });
  await row.getByRole('button', { name: 'Создать карточку' }).click();
  const dialog = page.getByRole('dialog', { name: 'Карточка: Соломія Гнатюк' });
  await expect(dialog).toContainText('Эта почта уже есть у карточки «Гнатюк Соломія»');
  await dialog.getByRole('button', { name: 'Привязать' }).click();
  await expect(row.getByRole('link', { name: 'Гнатюк Соломія' })).toBeVisible();
  const { values } = await office.get<{ values: Record<string, unknown> }>(`/records/contact/${known.id}`);
  expect(values.contact_type).toBe('employee');

  await row.getByRole('button', { name: 'Соломія Гнатюк: действия' }).click();
  await page.getByRole('menuitem', { name: 'Отвязать карточку' }).click();
  await expect(row.getByRole('button', { name: 'Создать карточку' })).toBeVisible();
  await toast(page, 'Карточка отвязана').getByRole('button', { name: 'Отменить' }).click();
  await expect(row.getByRole('link', { name: 'Гнатюк Соломія' })).toBeVisible();
});

test('a new user has a card at once, unless that is unticked', async ({ page }) => {
  await office.enter(page, USERS);
  for (const [name, login, isTicked] of [['Марта Вовк', 'marta', true], ['Остап Дуб', 'ostap', false]] as const) {
    await page.getByRole('button', { name: 'Новый пользователь' }).click();
    const dialog = page.getByRole('dialog');
    await field(dialog, 'Имя').fill(name);
    await field(dialog, 'Логин').fill(login);
    await dialog.getByRole('checkbox', { name: 'Создать карточку в базе' }).setChecked(isTicked, { force: true });
    await dialog.getByRole('button', { name: 'Создать', exact: true }).click();
    const row = page.getByRole('row').filter({ hasText: name });
    await expect(row.getByRole('link')).toHaveCount(isTicked ? 1 : 0);
    await expect(row.getByRole('button', { name: 'Создать карточку' })).toHaveCount(isTicked ? 0 : 1);
  }
});

test('from a company its person is made, and from a person his company', async ({ page }) => {
  const firm = await office.createCompany('ТОВ «Смерека»');
  await office.enter(page, `/records/contact/${firm.id}`);
  await page.getByRole('button', { name: 'Действия с карточкой' }).click();
  await page.getByRole('menuitem', { name: 'Новая карточка: человек' }).click();
  await expect(page.getByRole('combobox', { name: 'Компания', exact: true })).toHaveValue('ТОВ «Смерека»');
  await field(page, 'Фамилия').fill('Смеречка');
  await page.getByRole('button', { name: 'Сохранить', exact: true }).click();
  await expect(page.getByRole('heading', { level: 1, name: 'Смеречка' })).toBeVisible();
  await page.goBack();
  await expect(page.getByRole('heading', { level: 1, name: 'ТОВ «Смерека»' })).toBeVisible();
  await expect(card.related(page).getByRole('link', { name: 'Смеречка' })).toBeVisible();

  // By keyboard, from the card of a person without a company: he gets the new one, and one press takes both back.
  const person = await office.createPerson('Дуб');
  await page.goto(`${office.url}/records/contact/${person.id}`);
  await expect(page.getByRole('heading', { level: 1, name: 'Дуб' })).toBeVisible();
  await page.keyboard.press('Control+K');
  await page.keyboard.type('новая карточка: компания');
  await expect(page.getByRole('option', { name: 'Новая карточка: компания' })).toBeVisible();
  await page.keyboard.press('Enter');
  await expect(page.getByRole('checkbox', { name: 'Указать в поле «Компания» карточки «Дуб»' })).toBeChecked();
  await field(page, 'Название компании').fill('ТОВ «Дубрава»');
  await page.keyboard.press('Control+Enter');
  await expect(page.getByRole('heading', { level: 1, name: 'ТОВ «Дубрава»' })).toBeVisible();
  await expect(card.related(page).getByRole('link', { name: 'Дуб', exact: true })).toBeVisible();
  await toast(page, 'Создано: ТОВ «Дубрава»').getByRole('button', { name: 'Отменить' }).click();
  await expect(card.related(page).getByRole('link', { name: 'Дуб', exact: true })).toHaveCount(0);
  const after = await office.get<{ values: Record<string, unknown> }>(`/records/contact/${person.id}`);
  expect(after.values.parent ?? null).toBeNull();

  // One who has a company keeps it unless it is said otherwise; leaving the form leads back to his card.
  await office.changeContact(person.id, { parent: firm.id });
  await page.goto(`${office.url}/records/contact/${person.id}`);
  await page.getByRole('button', { name: 'Действия с карточкой' }).click();
  await page.getByRole('menuitem', { name: 'Новая карточка: компания' }).click();
  const instead = page.getByRole('checkbox', { name: 'Указать в поле «Компания» карточки «Дуб» вместо «ТОВ «Смерека»»' });
  await expect(instead).not.toBeChecked();
  await page.getByRole('button', { name: 'Отмена', exact: true }).click();
  await expect(page.getByRole('heading', { level: 1, name: 'Дуб' })).toBeVisible();
});
