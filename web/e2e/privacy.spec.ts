/** Restricting the processing of a card, a retention rule from the dry run on, and the list of erased addresses. */
import { expectAccessible } from './support/accessible';
import { Office, phone } from './support/office';
import { card, field, toast } from './support/screens';
import { expect, test } from './support/test';

const office = Office.forThisFile();

test('a card is restricted and let go again', async ({ page }) => {
  const person = await office.createPerson('Обмеженко', { first_name: 'Іван' });
  await office.enter(page, `/records/contact/${person.id}`);
  await page.getByRole('button', { name: 'Действия с карточкой' }).click();
  await page.getByRole('menuitem', { name: 'Ограничить обработку…' }).click();
  const dialog = page.getByRole('dialog', { name: /Ограничить обработку/ });
  await field(dialog, 'Причина').fill('Письмо № 7');
  await expectAccessible(page, 'restricting the processing');
  await dialog.getByRole('button', { name: 'Ограничить обработку' }).click();
  await expect(toast(page, 'Обработка ограничена')).toBeVisible();
  await expect(page.getByTitle(/Карточка только хранится/).first()).toBeVisible();

  await page.goto(`${office.url}/records/contact?section=clients`);
  await expect(page.getByRole('row', { name: /Обмеженко/ }).getByRole('img', { name: 'Обработка ограничена' })).toBeVisible();

  await page.goto(`${office.url}/records/contact/${person.id}`);
  await page.getByRole('button', { name: 'Действия с карточкой' }).click();
  await page.getByRole('menuitem', { name: 'Снять ограничение…' }).click();
  const lift = page.getByRole('dialog', { name: /Снять ограничение/ });
  await lift.getByRole('button', { name: 'Снять ограничение' }).click();
  await expect(lift).toContainText('Заполните');
  await field(lift, 'Причина').fill('Данные проверены');
  await lift.getByRole('button', { name: 'Снять ограничение' }).click();
  await expect(toast(page, 'Ограничение снято')).toBeVisible();
  await expect(card.related(page)).toBeVisible();
  await expect(page.getByTitle(/Карточка только хранится/)).toHaveCount(0);
});

test('a retention rule is looked at before it is switched on', async ({ page }) => {
  await office.createPerson('Давненко', { contact_type: 'competitor' });
  await office.enter(page, '/settings/personal-data');
  await page.getByRole('tab', { name: 'Сроки хранения' }).click();
  await page.getByRole('button', { name: 'Новое правило' }).click();
  const dialog = page.getByRole('dialog', { name: 'Новое правило хранения' });
  await field(dialog, 'Название').fill('Старые конкуренты');
  await field(dialog, 'Сколько хранить').fill('0');
  await expectAccessible(page, 'a retention rule');
  await dialog.getByRole('button', { name: 'Сохранить и посмотреть, что затронет' }).click();
  await expect(dialog.getByRole('alert').or(dialog.locator('[aria-invalid=true]')).first()).toBeVisible();
  await field(dialog, 'Сколько хранить').fill('36');
  await dialog.getByRole('button', { name: 'Сохранить и посмотреть, что затронет' }).click();
  const dry = page.getByRole('dialog', { name: /Что затронет/ });
  await expect(dry.getByRole('status')).toContainText('0 карточек ушли бы сейчас в корзину');
  await expectAccessible(page, 'the dry run of a rule');
  await dry.getByRole('button', { name: 'Включить' }).click();
  await expect(toast(page, 'Правило включено')).toBeVisible();
  const row = page.getByRole('row', { name: /Старые конкуренты/ });
  await expect(row).toContainText('включено');
  await expect(row).toContainText('36 месяцев без активности');
  await row.getByRole('button', { name: 'Выключить' }).click();
  await expect(row).toContainText('выключено');
  await row.getByRole('button', { name: 'Удалить правило «Старые конкуренты»' }).click();
  await page.getByRole('dialog', { name: /Удалить правило/ }).getByRole('button', { name: 'Удалить правило' }).click();
  await expect(page.getByText('Правил хранения пока нет')).toBeVisible();
});

test('an erased phone is known when it is typed again', async ({ page }) => {
  const person = await office.createPerson('Стёртый', { channels: [phone('067 440 77 88')] });
  await office.enter(page, `/records/contact/${person.id}`);
  await page.getByRole('button', { name: 'Действия с карточкой' }).click();
  await page.getByRole('menuitem', { name: 'Удалить персональные данные…' }).click();
  const erase = page.getByRole('dialog', { name: /Удалить персональные данные/ });
  await expect(erase.getByRole('checkbox', { name: /нечитаемые отметки/ })).toBeChecked();
  await field(erase, 'Чтобы подтвердить, введите: Стёртый').fill('Стёртый');
  await erase.getByRole('button', { name: 'Удалить персональные данные' }).click();
  await expect(page.getByRole('heading', { name: `Данные удалены № ${person.id}` })).toBeVisible();

  await page.goto(`${office.url}/records/contact/new?section=clients`);
  await field(page, 'Фамилия').fill('Вернувшийся');
  await page.getByRole('button', { name: 'Телефон', exact: true }).click();
  await page.getByRole('group', { name: 'Канал 1' }).getByRole('textbox', { name: 'Телефон' }).fill('067 440 77 88');
  await field(page, 'Имя').click();
  await expect(page.getByText(/стёрто по просьбе человека/)).toBeVisible();
  await expectAccessible(page, 'a form with an erased phone');
  await page.getByRole('button', { name: 'Сохранить', exact: true }).click();
  await expect(toast(page, 'был стёрт по просьбе человека')).toBeVisible();

  await page.goto(`${office.url}/settings/personal-data`);
  await page.getByRole('tab', { name: 'Стёртые адреса' }).click();
  await expect(page.getByText('1 адрес в списке')).toBeVisible();
  await field(page, 'Телефон или почта').fill('067 440 77 88');
  await page.getByRole('button', { name: 'Проверить' }).click();
  await expect(page.getByText(/В списке с/)).toBeVisible();
  await expectAccessible(page, 'the list of erased addresses');
  await page.getByRole('button', { name: 'Убрать из списка' }).click();
  await expect(toast(page, 'Убрано из списка')).toBeVisible();
  await expect(page.getByText('0 адресов в списке')).toBeVisible();
});
