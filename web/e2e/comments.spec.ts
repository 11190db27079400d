/** Notes on a card: written, mentioning somebody, changed, deleted and brought back. */
import { ADMINISTRATOR, Office } from './support/office';
import { toast } from './support/screens';
import { expect, test } from './support/test';

const office = Office.forThisFile();

test('a comment mentions a colleague, is changed, deleted and brought back', async ({ page }) => {
  await office.createUser('employee', 'Марія Бондаренко', 'maria');
  const person = await office.createPerson('Обговорена');
  await office.enter(page, `/records/contact/${person.id}`);
  const field = page.getByRole('textbox', { name: 'Заметка…' });
  const comments = page.getByRole('list', { name: 'Лента' }).getByRole('article');

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

  await comments.last().getByRole('button', { name: 'Изменить заметку' }).click();
  const editor = page.getByRole('textbox', { name: 'Изменить заметку' });
  await expect(editor).toHaveValue('Передать @Марія Бондаренко до пятницы');
  await editor.fill('Передать @Марія Бондаренко до среды');
  // What was being changed waits, too; what was cancelled does not.
  await page.goto(`${office.url}/records/contact`);
  await page.goto(`${office.url}/records/contact/${person.id}`);
  await expect(editor).toHaveValue('Передать @Марія Бондаренко до среды');
  await editor.press('Escape');
  await expect(editor).toBeHidden();
  await expect(comments.last()).toContainText('до пятницы');
  await page.reload();
  await expect(comments.last()).toContainText('до пятницы');
  await expect(editor).toBeHidden();
  await comments.last().getByRole('button', { name: 'Изменить заметку' }).click();
  await expect(editor).toHaveValue('Передать @Марія Бондаренко до пятницы');
  await editor.fill('Передать @Марія Бондаренко до среды');
  await page.getByRole('button', { name: 'Сохранить', exact: true }).click();
  await expect(comments.last()).toContainText('до среды');
  await expect(comments.last().getByText('@Марія Бондаренко', { exact: true })).toBeVisible();

  await comments.first().getByRole('button', { name: 'Удалить заметку' }).click();
  await expect(comments).toHaveCount(1);
  await toast(page, 'Заметка удалена').getByRole('button', { name: 'Отменить' }).click();
  await expect(comments).toHaveCount(2);
});

test('the search finds a contact by what was said about it, and shows what', async ({ page }) => {
  await office.createUser('employee', 'Олег Сич', 'oleh');
  const person = await office.createPerson('Мовчазний');
  await office.post('/records/comment', { values: { record: person.id, text: 'Передати @[Олег Сич](user:2): чекає на довіреність' } });
  await office.enter(page, '/records/contact');
  await expect(page.getByRole('row').first()).toBeVisible();
  await page.keyboard.press('Control+K');
  await page.getByRole('combobox').fill('довіреніс');
  const found = page.getByRole('option', { name: /Мовчазний/ });
  await expect(found).toContainText('Заметка: Передати @Олег Сич: чекає на довіреність');
  await expect(found.locator('mark')).toHaveText('довіреніс');
  await found.click();
  await expect(page.getByRole('heading', { level: 1, name: 'Мовчазний' })).toBeVisible();
});
