/** What the cards of the base lack, and the way to mend it. */
import { Office } from './support/office';
import { field, list } from './support/screens';
import { expect, test } from './support/test';

const office = Office.forThisFile();

test('a company without a person to talk to is found and mended', async ({ page }) => {
  const staffed = await office.createCompany('ТОВ «Людна»');
  await office.createPerson('Людненко', { parent: staffed.id });
  await office.createCompany('ТОВ «Безлюдна»');
  const emptied = await office.createCompany('ТОВ «Покинута»');
  const leaver = await office.createPerson('Мандрівець', { parent: emptied.id });
  await office.deleteContact(leaver.id);

  await office.enter(page, '/quality');
  const missing = page.getByRole('listitem').filter({ hasText: 'Без контактного лица' });
  await missing.getByRole('link', { name: '2 карточки' }).click();
  await expect(list.row(page, 'ТОВ «Безлюдна»')).toBeVisible();
  await expect(list.row(page, 'ТОВ «Покинута»')).toBeVisible();
  await expect(list.row(page, 'ТОВ «Людна»')).toHaveCount(0);

  // From the card of the company its person is made, and the company leaves the list.
  await list.row(page, 'ТОВ «Безлюдна»').getByRole('link').click();
  await page.getByRole('button', { name: 'Действия с карточкой' }).click();
  await page.getByRole('menuitem', { name: 'Новая карточка: человек' }).click();
  await field(page, 'Фамилия').fill('Прийшлий');
  await page.getByRole('button', { name: 'Сохранить', exact: true }).click();
  await expect(page.getByRole('heading', { level: 1, name: 'Прийшлий' })).toBeVisible();
  await page.goBack();
  await expect(list.row(page, 'ТОВ «Покинута»')).toBeVisible();
  await expect(list.row(page, 'ТОВ «Безлюдна»')).toHaveCount(0);

  // Somebody else mends the other: the open list follows.
  await office.createPerson('Новенька', { parent: emptied.id });
  await expect(list.row(page, 'ТОВ «Покинута»')).toHaveCount(0);
  await page.goto(`${office.url}/quality`);
  await expect(missing).toContainText('всё есть');

  // It is an ordinary condition: a group by a rule follows it, too.
  const rule = 'kind = company and has_contact_person = true';
  const group = await office.post<{ record: { id: number } }>('/records/group', { values: { name: 'С людьми', kind: 'smart', rule } });
  await office.enter(page, `/records/contact?filter=${encodeURIComponent(`groups has (${group.record.id})`)}`);
  await expect(list.row(page, 'ТОВ «Покинута»')).toBeVisible();
  await list.row(page, 'ТОВ «Покинута»').getByRole('link').click();
  await expect(list.panel(page, 'ТОВ «Покинута»')).toContainText('С людьми');
});
