/** Two people at one card see one another, and who is typing. */
import { expectAccessible } from './support/accessible';
import { ADMINISTRATOR, Office } from './support/office';
import { card } from './support/screens';
import { expect, test } from './support/test';

const office = Office.forThisFile();

test('a colleague at the same card is seen, when he edits and when he goes', async ({ page, otherPage }) => {
  const person = await office.createPerson('Спільнюк', { position: 'майстер' });
  const colleague = await office.createUser('supervisor', 'Остап Лис', 'ostap-presence');
  const path = `/records/contact/${person.id}`;
  await office.enter(page, path);
  await expect(card.about(page)).toBeVisible();
  await office.enter(otherPage, path, colleague);
  const here = card.about(page).getByRole('status').filter({ hasText: colleague.name });
  await expect(here).toContainText('Открыта и у коллеги: Остап Лис');
  await expect(card.about(otherPage).getByRole('status').first()).toContainText(`Открыта и у коллеги: ${ADMINISTRATOR.name}`);
  await expectAccessible(page, 'card with a colleague');

  await card.edit(otherPage, 'Должность').click();
  await expect(here).toContainText('Сейчас редактирует: Остап Лис');
  await otherPage.keyboard.press('Escape');
  await expect(here).toContainText('Открыта и у коллеги: Остап Лис');

  await otherPage.goto(`${office.url}/records/contact`);
  await expect(here).toBeHidden();
});
