/** What was changed since an operation is shown before its undo and after it, field by field, and is kept unless chosen otherwise. */
import type { Page } from '@playwright/test';
import { expectAccessible } from './support/accessible';
import { Office, phone } from './support/office';
import { toast } from './support/screens';
import { expect, test } from './support/test';

const office = Office.forThisFile();

function dialog(page: Page) {
  return page.getByRole('dialog', { name: 'Изменено позже' });
}

async function remarkOf(id: number): Promise<unknown[]> {
  const { values } = await office.get<{ values: Record<string, unknown> }>(`/records/contact/${id}`);
  return [values.remark, values.position];
}

test('an undo from the list of operations asks about later changes, and what was kept can be taken back afterwards', async ({ page }) => {
  const person = await office.createPerson('Пізній', { remark: 'перше', position: 'стажер', channels: [phone('067 500 10 10')] });
  const path = `/records/contact/${person.id}`;
  await office.patch(path, { values: { remark: 'друге', position: 'менеджер', warmth: 'hot' } });
  await office.patch(path, { values: { remark: 'третє', position: 'директор' } });

  await office.enter(page, '/operations');
  await page.getByRole('row', { name: /Пізній/ }).nth(1).getByRole('button', { name: 'Отменить' }).click();
  const remark = dialog(page).getByRole('group', { name: 'Пізній: Примечание' });
  await expect(remark.getByRole('radio', { name: 'Оставить' })).toBeChecked();
  await expect(dialog(page).getByText('третє')).toBeVisible();
  await expect(dialog(page).getByText('перше')).toBeVisible();
  await expect(dialog(page).getByText(/Олена Ковальчук/)).toHaveCount(2 + 1);
  await expectAccessible(page, 'later changes before an undo');
  await remark.getByText('Вернуть').click();
  await dialog(page).getByRole('button', { name: 'Отменить и вернуть ещё 1 значение' }).click();
  await expect(dialog(page)).toHaveCount(0);
  await expect.poll(() => remarkOf(person.id)).toEqual(['перше', 'директор']);

  await test.step('the message leads to what was kept', async () => {
    await toast(page, 'Отменено, кроме 1 поля').getByRole('button', { name: 'Показать' }).click();
    await expect(dialog(page).getByRole('listitem')).toHaveCount(1);
    await expect(dialog(page).getByRole('button', { name: 'Выберите, что вернуть' })).toBeVisible();
    await dialog(page).getByRole('group', { name: 'Для всего списка' }).getByText('Вернуть').click();
    await dialog(page).getByRole('button', { name: 'Вернуть всё' }).click();
    await expect(toast(page, 'Возвращено')).toBeVisible();
    await expect.poll(() => remarkOf(person.id)).toEqual(['перше', 'стажер']);
  });

  await test.step('and that is taken back by itself', async () => {
    await toast(page, 'Возвращено').getByRole('button', { name: 'Отменить' }).click();
    await expect.poll(() => remarkOf(person.id)).toEqual(['перше', 'директор']);
  });

  await test.step('the list of operations leads there too, on a phone', async () => {
    await page.setViewportSize({ width: 390, height: 844 });
    await page.getByRole('button', { name: 'Что осталось' }).last().click();
    await expect(dialog(page).getByText('директор')).toBeVisible();
    await expectAccessible(page, 'later changes on a phone');
    await page.keyboard.press('Escape');
    await expect(dialog(page)).toHaveCount(0);
  });
});
