/** Following a record, reactions to notes, and teams that are mentioned. */
import { expectAccessible } from './support/accessible';
import { ADMINISTRATOR, Office, type StoredRecord } from './support/office';
import { list, toast } from './support/screens';
import { expect, test } from './support/test';

const office = Office.forThisFile();

test('who follows a deal hears of a note and of its stage, and stops when he has enough', async ({ page, otherPage }) => {
  const { record: deal } = await office.post<{ record: StoredRecord }>('/records/deal', { values: { title: 'Кровля склада' } });
  const colleague = await office.createUser('supervisor', 'Остап Лис', 'ostap-follows');
  const path = `/records/deal/${deal.id}`;
  await office.enter(page, path);
  await office.enter(otherPage, path, colleague);

  await page.getByRole('button', { name: /^Следить \(F\)/ }).click();
  const sheet = page.getByRole('dialog', { name: 'Кто следит' });
  await sheet.getByRole('button', { name: 'Следить', exact: true }).click();
  await expect(sheet.getByRole('listitem')).toContainText(ADMINISTRATOR.name);
  await expectAccessible(page, 'followers');
  await toast(page, 'Теперь вы следите').getByRole('button', { name: 'Отменить' }).click();
  // A press beside the sheet closes it.
  await expect(sheet).toBeHidden();
  await expect(page.getByRole('button', { name: /^Следить \(F\)/ })).toHaveText('');
  await page.keyboard.press('f');
  const sign = page.getByRole('button', { name: /^Вы следите/ });
  await expect(sign).toHaveText('1');
  // The other one sees it too, without a reload.
  await expect(otherPage.getByRole('button', { name: /^Следить \(F\)/ })).toHaveText('1');

  const field = otherPage.getByRole('textbox', { name: 'Заметка…' });
  await field.fill('Клиент согласен');
  await field.press('ControlOrMeta+Enter');
  await expect(sign).toHaveText('2');
  await office.enter(otherPage, path, colleague);
  const answer = await otherPage.request.patch(`${office.url}/api/v1/records/deal/${deal.id}`, { data: { values: { stage: 'negotiation' } } });
  expect(answer.ok()).toBe(true);
  await page.getByRole('button', { name: 'Уведомления, новых: 2' }).click();
  const told = page.getByRole('dialog', { name: 'Уведомления' });
  await expect(told.locator('[data-notification]').first()).toContainText('Остап Лис меняет сделку: Этап — Переговоры');
  await expect(told.locator('[data-notification]').nth(1)).toContainText('Остап Лис пишет заметку');
  await expect(told.locator('[data-notification]').nth(1)).toContainText('Кровля склада');
  await page.keyboard.press('Escape');
});

test('a reaction is seen at once by who looks on, and taken back by another press', async ({ page, otherPage }) => {
  const person = await office.createPerson('Подписант', { visibility: 'write' });
  const colleague = await office.createUser('employee', 'Мар’яна Гай', 'mariana-reacts');
  await office.post('/records/comment', { values: { record: person.id, text: 'Договор подписан' } });
  const path = `/records/contact/${person.id}`;
  await office.enter(page, path);
  await office.enter(otherPage, path, colleague);
  const note = page.getByRole('list', { name: 'Лента' }).getByRole('article');
  const same = otherPage.getByRole('list', { name: 'Лента' }).getByRole('article');

  await same.getByRole('button', { name: 'Отреагировать' }).click();
  await otherPage.getByRole('button', { name: 'Ура', exact: true }).click();
  await expect(same.getByRole('button', { name: 'Ура: Мар’яна Гай' })).toHaveAttribute('aria-pressed', 'true');
  const seen = note.getByRole('button', { name: 'Ура: Мар’яна Гай' });
  await expect(seen).toHaveAttribute('aria-pressed', 'false');
  await expect(seen).toHaveAttribute('title', 'Мар’яна Гай');
  await expectAccessible(page, 'a note with a reaction');
  await page.getByRole('button', { name: /^Уведомления, новых: \d/ }).click();
  await expect(page.getByRole('dialog', { name: 'Уведомления' }).locator('[data-notification]').first()).toContainText('Мар’яна Гай реагирует на вашу заметку: 🎉');
  await page.keyboard.press('Escape');
  await seen.click();
  await expect(same.getByRole('button', { name: /^Ура, 2: / })).toBeVisible();
  await same.getByRole('button', { name: /^Ура, 2: / }).click();
  await expect(note.getByRole('button', { name: `Ура: ${ADMINISTRATOR.name}` })).toHaveAttribute('aria-pressed', 'true');
});

test('a team is mentioned like a colleague, and its members hear of it', async ({ page, otherPage }) => {
  const colleague = await office.createUser('employee', 'Зоряна Мороз', 'zoriana-team');
  await office.post('/records/team', { values: { name: 'Отдел доставки', members: [colleague.id] } });
  const person = await office.createPerson('Ждущий', { visibility: 'read' });
  await office.enter(otherPage, '/records/contact', colleague);
  await office.enter(page, `/records/contact/${person.id}`);
  const field = page.getByRole('textbox', { name: 'Заметка…' });
  await field.pressSequentially('Займитесь, @отдел');
  await expect(page.getByRole('option', { name: 'Отдел доставки' })).toBeVisible();
  await field.press('Enter');
  await expect(field).toHaveValue('Займитесь, @Отдел доставки ');
  await field.press('ControlOrMeta+Enter');
  const note = page.getByRole('list', { name: 'Лента' }).getByRole('article');
  await expect(note.getByText('@Отдел доставки', { exact: true })).toBeVisible();
  await otherPage.getByRole('button', { name: 'Уведомления, новых: 1' }).click();
  await otherPage.getByRole('dialog', { name: 'Уведомления' }).getByRole('link', { name: /упоминает вас в заметке/ }).click();
  await expect(otherPage.getByRole('heading', { level: 1, name: 'Ждущий' })).toBeVisible();
});

test('a list is asked for what one follows, from the card and among the conditions', async ({ page }) => {
  const deal = async (title: string): Promise<number> => (await office.post<{ record: StoredRecord }>('/records/deal', { values: { title } })).record.id;
  const followed = await deal('Окна школы');
  await deal('Двери школы');
  await office.enter(page, `/records/deal/${followed}`);
  await page.getByRole('button', { name: /^Следить \(F\)/ }).click();
  const sheet = page.getByRole('dialog', { name: 'Кто следит' });
  await sheet.getByRole('button', { name: 'Следить', exact: true }).click();
  await sheet.getByRole('link', { name: 'Всё, за чем я слежу' }).click();
  await expect(list.row(page, 'Окна школы')).toBeVisible();
  await expect(list.row(page, 'Двери школы')).toHaveCount(0);

  await page.getByRole('button', { name: 'Убрать: Я слежу' }).click();
  await expect(list.row(page, 'Двери школы')).toBeVisible();
  await page.getByRole('button', { name: 'Условие' }).click();
  await page.getByRole('textbox', { name: 'Найти поле' }).fill('слеж');
  await page.keyboard.press('Enter');
  await expect(list.row(page, 'Двери школы')).toHaveCount(0);
  await expect(list.row(page, 'Окна школы')).toBeVisible();
  await expectAccessible(page, 'a list of what one follows');
});
