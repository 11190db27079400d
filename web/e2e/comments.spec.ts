/** Comments on a card: written, mentioning somebody, changed, deleted and brought back. */
import { ADMINISTRATOR, Office } from './support/office';
import { toast } from './support/screens';
import { expect, test } from './support/test';

const office = Office.forThisFile();

test('a comment mentions a colleague, is changed, deleted and brought back', async ({ page }) => {
  await office.createUser('employee', 'Марія Бондаренко', 'maria');
  const person = await office.createPerson('Обговорена');
  await office.enter(page, `/records/contact/${person.id}`);
  const field = page.getByRole('textbox', { name: 'Комментарий…' });
  const comments = page.getByRole('list', { name: 'Комментарии' }).getByRole('article');

  await field.fill('Передать ');
  await field.press('End');
  await field.pressSequentially('@бонд');
  await expect(page.getByRole('option', { name: 'Марія Бондаренко' })).toBeVisible();
  await field.press('Enter');
  await expect(field).toHaveValue('Передать @Марія Бондаренко ');
  await field.pressSequentially('до пятницы');

  // What was typed waits for whoever comes back.
  await page.goto(`${office.url}/records/contact`);
  await page.goto(`${office.url}/records/contact/${person.id}`);
  await expect(field).toHaveValue('Передать @Марія Бондаренко до пятницы');
  await field.press('ControlOrMeta+Enter');
  await expect(comments).toHaveCount(1);
  await expect(field).toHaveValue('');
  await expect(comments.first()).toContainText(ADMINISTRATOR.name);
  await expect(comments.first().getByText('@Марія Бондаренко', { exact: true })).toBeVisible();

  await field.fill('Передано');
  await page.getByRole('button', { name: 'Добавить', exact: true }).click();
  await expect(comments).toHaveCount(2);
  await expect(comments.first()).toContainText('Передано');

  await comments.last().getByRole('button', { name: 'Изменить комментарий' }).click();
  const editor = page.getByRole('textbox', { name: 'Изменить комментарий' });
  await expect(editor).toHaveValue('Передать @Марія Бондаренко до пятницы');
  await editor.fill('Передать @Марія Бондаренко до среды');
  await page.getByRole('button', { name: 'Сохранить', exact: true }).click();
  await expect(comments.last()).toContainText('до среды');
  await expect(comments.last().getByText('@Марія Бондаренко', { exact: true })).toBeVisible();

  await comments.first().getByRole('button', { name: 'Удалить комментарий' }).click();
  await expect(comments).toHaveCount(1);
  await toast(page, 'Комментарий удалён').getByRole('button', { name: 'Отменить' }).click();
  await expect(comments).toHaveCount(2);
});
