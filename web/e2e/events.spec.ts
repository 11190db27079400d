/** Events: with people of the base and tasks of their own; a tick closes them. */
import { expectAccessible } from './support/accessible';
import { Office } from './support/office';
import { card } from './support/screens';
import { expect, test } from './support/test';

const office = Office.forThisFile();

test('an event has its people and its tasks, and a tick closes it', async ({ page }) => {
  const guest = await office.createPerson('Гостенко');
  const values = { title: 'Семінар з обліку', kind: 'seminar', starts_at: '2031-03-01T08:00:00Z', ends_at: '2031-03-01T10:00:00Z', contacts: [guest.id] };
  const { record } = await office.post<{ record: { id: number } }>('/records/event', { values });
  await office.enter(page, '/records/event?section=all_events');
  const row = page.getByRole('grid').getByRole('row').filter({ hasText: 'Семінар з обліку' });
  await expect(row).toContainText('Гостенко');
  await page.goto(`${office.url}/records/event/${record.id}`);
  const entry = page.getByLabel('Новая запись: задача');
  await entry.fill('Замовити зал');
  await entry.press('Enter');
  await expect(card.related(page).getByRole('list', { name: 'Задачи' }).getByRole('listitem').filter({ hasText: 'Замовити зал' })).toBeVisible();
  await expectAccessible(page, 'the card of an event');
  await page.goto(`${office.url}/records/event?section=all_events`);
  await row.getByRole('checkbox', { name: /Семінар з обліку/ }).last().click();
  await expect(row).toContainText('Прошло');
});
