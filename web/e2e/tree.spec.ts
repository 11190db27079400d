/** Contacts as a tree: holdings, what stands below them and their people, opened by mouse and by keyboard. */
import { expectAccessible } from './support/accessible';
import { Office } from './support/office';
import { list } from './support/screens';
import { expect, test } from './support/test';

const office = Office.forThisFile();

test('a holding is opened down to its people', async ({ page }) => {
  const holding = await office.createCompany('Холдинг «Дуб»');
  const plant = await office.createCompany('Завод «Жолудь»', { parent: holding.id });
  await office.createPerson('Столяр', { parent: plant.id, position: 'майстер' });
  await office.createPerson('Вільний');
  await office.enter(page, '/records/contact?section=companies');
  await page.getByTitle('Дерево').click();
  const tree = page.getByRole('tree', { name: 'Компании' });
  const item = (name: string) => tree.getByRole('treeitem', { name, exact: true });

  await expect(item('Холдинг «Дуб»')).toBeVisible();
  await expect(item('Завод «Жолудь»')).toHaveCount(0);
  await expect(item('Вільний')).toHaveCount(0);
  await page.getByRole('button', { name: 'Показать, что ниже: Холдинг «Дуб»' }).click();
  await expect(item('Завод «Жолудь»')).toHaveAttribute('aria-level', '2');
  await expectAccessible(page, 'tree');

  await test.step('by keyboard', async () => {
    await item('Завод «Жолудь»').focus();
    await page.keyboard.press('ArrowRight');
    await expect(item('Столяр')).toHaveAttribute('aria-level', '3');
    await page.keyboard.press('ArrowRight');
    await expect(item('Столяр')).toBeFocused();
    await page.keyboard.press('Enter');
    await expect(list.panel(page, 'Столяр')).toBeVisible();
    await page.keyboard.press('Escape');
    await expect(list.panel(page, 'Столяр')).toHaveCount(0);
    await item('Холдинг «Дуб»').focus();
    await page.keyboard.press('ArrowLeft');
    await expect(item('Завод «Жолудь»')).toHaveCount(0);
  });

  await test.step('what is looked for is found at any depth', async () => {
    await list.search(page).fill('Жолудь');
    await expect(page).toHaveURL(/q=/);
    await expect(item('Завод «Жолудь»')).toHaveAttribute('aria-level', '1');
    await expect(item('Холдинг «Дуб»')).toHaveCount(0);
  });
});
