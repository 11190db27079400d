/** A list as it was: what has been changed or deleted since stands where it stood, and nothing can be changed. */
import { expectAccessible } from './support/accessible';
import { Office } from './support/office';
import { list } from './support/screens';
import { expect, test } from './support/test';

const office = Office.forThisFile();

test('a list is opened as it was, and left again', async ({ page }) => {
  const changed = await office.createPerson('Мінливий', { position: 'стажер', warmth: 'hot' });
  const deleted = await office.createPerson('Зниклий', { warmth: 'hot' });
  await office.createPerson('Сталий', { warmth: 'hot' });
  const then = (await office.get<{ updated_at: string }>(`/records/contact/${deleted.id}`)).updated_at;
  // The third came in the same moment or later; the first two were there.
  const moment = new Date(Date.parse(then) + 2_000).toISOString();
  await expect.poll(() => Date.now()).toBeGreaterThan(Date.parse(moment));
  await office.patch(`/records/contact/${changed.id}`, { values: { position: 'директор', warmth: 'cold' } });
  await office.deleteContact(deleted.id);
  await office.createPerson('Новий', { warmth: 'hot' });

  await office.enter(page, `/records/contact?section=clients&columns=name,position&filter=${encodeURIComponent('warmth in ("hot")')}`);
  await expect(list.row(page, 'Новий')).toBeVisible();
  await expect(list.row(page, 'Зниклий')).toHaveCount(0);

  await test.step('chooses a moment; one that has not come is refused', async () => {
    await page.getByRole('button', { name: 'Действия со списком' }).click();
    await page.getByRole('menuitem', { name: 'Как было раньше…' }).click();
    const dialog = page.getByRole('dialog', { name: 'Список на момент' });
    await dialog.getByLabel('День').fill('01.01.2199');
    await dialog.getByRole('button', { name: 'Показать' }).click();
    await expect(dialog.getByText('Выберите день и время, которые уже прошли.')).toBeVisible();
    await expectAccessible(page, 'choice of a moment');
    await dialog.getByRole('button', { name: 'Час назад' }).click();
    await expect(page.getByText('Так было:')).toBeVisible();
    await expect(page.getByRole('grid')).toHaveCount(0);
  });

  await test.step('sees what was there', async () => {
    await page.goto(`${page.url().replace(/asOf=[^&]*/, `asOf=${encodeURIComponent(moment)}`)}`);
    await expect(list.row(page, 'Мінливий')).toContainText('стажер');
    await expect(list.row(page, 'Зниклий')).toBeVisible();
    await expect(list.row(page, 'Сталий')).toBeVisible();
    await expect(list.row(page, 'Новий')).toHaveCount(0);
    await expect(page.getByText('Показано 3 из 3')).toBeVisible();
    await expectAccessible(page, 'list of the past');
    await list.row(page, 'Мінливий').getByRole('link', { name: 'Мінливий' }).click();
    const was = page.getByRole('dialog', { name: /^Как было:/ });
    await expect(was.getByText('стажер')).toBeVisible();
    await was.getByRole('button', { name: 'Закрыть' }).first().click();
    await expect(was).toHaveCount(0);
  });

  await test.step('goes back to now', async () => {
    await page.getByRole('button', { name: 'К настоящему' }).click();
    await expect(list.row(page, 'Новий')).toBeVisible();
    await expect(list.row(page, 'Мінливий')).toHaveCount(0);
  });
});
