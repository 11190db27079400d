/** Roles that an administrator writes: what they say, whom a change touches, and the program with somebody else's eyes. */
import { expectAccessible } from './support/accessible';
import { Office } from './support/office';
import { card, list, toast } from './support/screens';
import { expect, test } from './support/test';

const office = Office.forThisFile();
const LIST = '/records/contact?section=clients';

test('a role of one\'s own is made from a built-in one, given, changed and deleted', async ({ page, otherPage }) => {
  const employee = await office.createUser('employee', 'Марта Вовк', 'marta');
  await office.createPerson('Мартин', { managers: [employee.id], position: 'Кошторисник' });
  await office.createPerson('Відкритий', { visibility: 'read' });

  await office.enter(page, '/settings/roles');
  await expect(page.getByRole('table', { name: 'Роли' })).toBeVisible();
  await expectAccessible(page, 'roles');
  await page.getByRole('button', { name: 'Новая роль' }).click();
  await page.getByRole('menuitem', { name: 'Копия: Сотрудник' }).click();
  await page.getByLabel('Название').fill('Стажёр');
  const contacts = page.getByRole('region', { name: 'Контакты' });
  await contacts.getByLabel('Видит: какие').selectOption('own');
  await expect(contacts.getByRole('group', { name: 'Видит' })).toContainText('задано здесь');
  await expect(contacts.getByRole('group', { name: 'Меняет', exact: true })).toContainText('как у сотрудника');
  await contacts.getByLabel('Создаёт: какие').selectOption('none');
  await contacts.getByRole('button', { name: 'Поля карточки' }).click();
  await page.getByRole('searchbox', { name: 'Найти поле или блок' }).fill('Должность');
  await page.getByLabel('Поле «Должность»').selectOption('hidden');
  await page.getByRole('checkbox', { name: 'Импорт' }).uncheck();
  await expectAccessible(page, 'a role');
  await page.getByRole('button', { name: 'Создать роль' }).click();
  await expect(toast(page, 'Роль создана: Стажёр')).toBeVisible();
  const roleUrl = page.url();

  const { items } = await office.get<{ items: { id: number; title: string }[] }>('/records/role');
  const role = items.find(({ title }) => title === 'Стажёр');
  await office.patch(`/records/user/${employee.id}`, { values: { roles: [role?.id] } });
  await office.enter(otherPage, LIST, employee);
  await expect(list.row(otherPage, 'Мартин')).toBeVisible();
  await expect(list.row(otherPage, 'Відкритий')).toBeHidden();
  await expect(otherPage.getByRole('link', { name: 'Импорт' })).toBeHidden();
  await expect(otherPage.getByRole('button', { name: 'Контакт', exact: true })).toBeHidden();
  await list.row(otherPage, 'Мартин').getByRole('link').click();
  await expect(card.edit(otherPage, 'Фамилия')).toBeAttached();
  await expect(list.panel(otherPage, 'Мартин')).not.toContainText('Кошторисник');

  // A change is rehearsed with those who have the role, and can be taken back.
  await contacts.getByLabel('Видит: какие').selectOption('shared');
  await page.getByRole('button', { name: 'Сохранить' }).click();
  const rehearsal = page.getByRole('dialog', { name: 'Что изменится: Стажёр' });
  await expect(rehearsal).toContainText('Эта роль есть у 1 человека.');
  await expect(rehearsal).toContainText('Контакты: увидит ещё 1 (Відкритий…)');
  await expectAccessible(page, 'rehearsal');
  await rehearsal.getByRole('button', { name: 'Сохранить' }).click();
  await expect(toast(page, 'Роль сохранена: Стажёр')).toBeVisible();
  await otherPage.goto(office.url + LIST);
  await expect(list.row(otherPage, 'Відкритий')).toBeVisible();

  // What is not saved is asked about.
  await contacts.getByLabel('Удаляет: какие').selectOption('none');
  await page.getByRole('link', { name: 'Команды' }).click();
  await page.getByRole('dialog', { name: 'Роль не сохранена' }).getByRole('button', { name: 'Остаться' }).click();
  expect(page.url()).toBe(roleUrl);
  await page.getByRole('button', { name: 'Вернуть как было' }).click();

  await page.getByRole('main').getByRole('link', { name: 'Роли' }).last().click();
  await page.getByRole('button', { name: 'Стажёр: действия' }).click();
  await page.getByRole('menuitem', { name: 'Удалить', exact: true }).click();
  const inUse = page.getByRole('dialog', { name: 'Роль «Стажёр» занята' });
  await expect(inUse).toContainText('Марта Вовк');
  await inUse.getByRole('button', { name: 'Понятно' }).click();
  await office.patch(`/records/user/${employee.id}`, { values: { roles: [3] } });
  await page.getByRole('button', { name: 'Стажёр: действия' }).click();
  await page.getByRole('menuitem', { name: 'Удалить', exact: true }).click();
  await page.getByRole('button', { name: 'Удалить роль «Стажёр»' }).click();
  await expect(page.getByRole('link', { name: 'Стажёр' })).toBeHidden();
});

test('the rights of the administrator are read only, and say why', async ({ page }) => {
  await office.enter(page, '/settings/roles/1');
  await expect(page.getByText('Администратор может всё, и его права не меняются')).toBeVisible();
  await expect(page.getByRole('group', { name: 'Видит' })).toBeHidden();
});

test('a part of the program is closed to everybody and opened again', async ({ page }) => {
  await office.enter(page, '/settings/company');
  const menu = page.getByRole('navigation', { name: 'Разделы' });
  await expect(menu.getByRole('link', { name: 'Импорт' })).toBeVisible();
  const parts = page.getByRole('region', { name: 'Части программы' });
  await parts.getByRole('checkbox', { name: 'Импорт' }).uncheck();
  await expect(toast(page, 'Закрыто для всех: Импорт')).toBeVisible();
  await expect(menu.getByRole('link', { name: 'Импорт' })).toBeHidden();
  await page.goto(`${office.url}/settings/roles/3`);
  await expect(page.getByText('Закрыто для всех: Настройки → Компания')).toBeVisible();
  await page.goto(`${office.url}/settings/company`);
  await parts.getByRole('checkbox', { name: 'Импорт' }).check();
  await expect(menu.getByRole('link', { name: 'Импорт' })).toBeVisible();
});

test('teams, and who reports to whom', async ({ page }) => {
  const head = await office.createUser('supervisor', 'Роман Лис', 'roman');
  await office.createUser('employee', 'Тарас Кіт', 'taras');
  await office.enter(page, '/settings/teams');
  await page.getByRole('button', { name: 'Новая команда' }).first().click();
  const dialog = page.getByRole('dialog', { name: 'Новая команда' });
  await dialog.getByLabel('Название').fill('Продажи');
  await dialog.getByRole('combobox', { name: 'Участники' }).fill('Тарас');
  await dialog.getByRole('option', { name: 'Тарас Кіт' }).click();
  await dialog.getByRole('button', { name: 'Создать команду' }).click();
  await expect(page.getByRole('table', { name: 'Команды' })).toContainText('Тарас Кіт');
  await expectAccessible(page, 'teams');

  await page.getByRole('tab', { name: 'Кто кому подчиняется' }).click();
  await page.getByRole('treeitem', { name: 'Тарас Кіт' }).getByRole('button', { name: 'Тарас Кіт: действия' }).click();
  await page.getByRole('menuitem', { name: 'Кому подчиняется…' }).click();
  await page.getByRole('combobox', { name: 'Руководитель' }).fill('Роман');
  await page.getByRole('option', { name: head.name }).click();
  await page.getByRole('button', { name: 'Сохранить' }).click();
  await expect(page.getByRole('treeitem', { name: 'Тарас Кіт' })).toHaveAttribute('aria-level', '2');
  await expectAccessible(page, 'who reports to whom');
  // A circle is refused before it is asked for.
  await page.getByRole('treeitem', { name: head.name }).getByRole('button', { name: `${head.name}: действия` }).click();
  await page.getByRole('menuitem', { name: 'Кому подчиняется…' }).click();
  await page.getByRole('combobox', { name: 'Руководитель' }).fill('Тарас');
  await page.getByRole('option', { name: 'Тарас Кіт' }).click();
  await expect(page.getByRole('alert')).toContainText('Так получится круг');
  await page.getByRole('button', { name: 'Отмена' }).click();
});

test('an administrator sees the program as somebody else, and changes nothing meanwhile', async ({ page }) => {
  const employee = await office.createUser('employee', 'Левко Сорока', 'levko');
  const own = await office.createPerson('Левків', { managers: [employee.id] });
  await office.createPerson('Чужинець');
  await office.enter(page, '/settings/users');
  await page.getByRole('button', { name: 'Левко Сорока: действия' }).click();
  await page.getByRole('menuitem', { name: 'Посмотреть его глазами' }).click();
  await expect(page.getByText('Вы видите программу как Левко Сорока. Изменить ничего нельзя.')).toBeVisible();
  await page.goto(office.url + LIST);
  await expect(list.row(page, 'Левків')).toBeVisible();
  await expect(list.row(page, 'Чужинець')).toBeHidden();
  await expectAccessible(page, 'seen as somebody else');
  await page.goto(`${office.url}/records/contact/${own.id}`);
  await expect(page.getByRole('heading', { name: 'Левків' })).toBeVisible();
  await page.getByRole('button', { name: 'Выйти', exact: true }).click();
  await expect(page.getByRole('table', { name: 'Пользователи' })).toBeVisible();
  await expect(page.getByText('Изменить ничего нельзя')).toBeHidden();
});
