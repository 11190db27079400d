/** A colleague leaves: his contacts go to another, in one step and one undo. */
import { Office } from './support/office';
import { expectAccessible } from './support/accessible';
import { toast } from './support/screens';
import { expect, test } from './support/test';

const office = Office.forThisFile();

test('what a colleague had goes to another when he is deactivated, and one press takes it back', async ({ page }) => {
  const leaving = await office.createUser('employee', 'Ганна Від’їзд', 'hanna');
  const heir = await office.createUser('employee', 'Марко Спадкоємець', 'marko');
  const client = await office.createPerson('Клієнтка', { managers: [leaving.id] });
  const managers = async (): Promise<number[]> => {
    const { values } = await office.get<{ values: { managers: { id: number }[] } }>(`/records/contact/${client.id}`);
    return values.managers.map(({ id }) => id);
  };

  await office.enter(page, '/settings/users');
  const row = page.getByRole('row').filter({ hasText: 'Ганна Від’їзд' });
  await row.getByRole('button', { name: 'Ганна Від’їзд: действия' }).click();
  await page.getByRole('menuitem', { name: 'Отключить' }).click();
  const dialog = page.getByRole('dialog', { name: 'Отключить: Ганна Від’їзд?' });
  await expect(dialog.getByRole('checkbox', { name: 'Контакты, Менеджеры: 1' })).toBeDisabled();
  await dialog.getByRole('combobox', { name: 'Кому передать' }).fill('Спадк');
  await page.getByRole('option', { name: 'Марко Спадкоємець' }).click();
  await expect(dialog.getByRole('checkbox', { name: 'Контакты, Менеджеры: 1' })).toBeChecked();
  await expectAccessible(page, 'a colleague leaves');
  await dialog.getByRole('button', { name: 'Отключить и передать: Марко Спадкоємець' }).click();

  await expect(row).toContainText('отключён');
  expect(await managers()).toEqual([heir.id]);
  await toast(page, 'Передача дел').getByRole('button', { name: 'Отменить' }).click();
  await expect(row).not.toContainText('отключён');
  await expect.poll(managers).toEqual([leaving.id]);
});
