/** A card that somebody may see no more leaves his open pages, and comes back with the right. */
import { expectAccessible } from './support/accessible';
import { Office } from './support/office';
import { card, list } from './support/screens';
import { expect, test } from './support/test';

const office = Office.forThisFile();

test('a card that is taken away leaves the list and the window of its reader by itself', async ({ page, context }) => {
  const person = await office.createUser('employee', 'Богдан Читач', 'bohdan');
  const contact = await office.createPerson('Мінлива', { visibility: 'read' });
  const managed = await office.createPerson('Передана', { managers: [person.id] });
  await office.createPerson('Стала', { visibility: 'read' });
  await office.enter(page, '/records/contact', person);
  const rows = (name: string) => list.grid(page).getByRole('row').filter({ hasText: name });
  for (const name of ['Мінлива', 'Передана', 'Стала']) await expect(rows(name)).toBeVisible();
  const other = await context.newPage();
  await other.goto(`${office.url}/records/contact/${contact.id}`);
  await expect(card.about(other)).toBeVisible();

  await office.changeContact(contact.id, { visibility: 'private' });
  await expect(rows('Мінлива')).toHaveCount(0);
  await expect(card.about(other)).toHaveCount(0);
  await expect(other.getByRole('main')).toContainText('Такой записи нет');
  await office.changeContact(managed.id, { managers: [1] });
  await expect(rows('Передана')).toHaveCount(0);
  await expect(rows('Стала')).toBeVisible();
  await expectAccessible(page, 'the list that a card has left');

  await office.changeContact(contact.id, { visibility: 'read' });
  await expect(rows('Мінлива')).toBeVisible();
});
