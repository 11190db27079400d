/** Saved views: shared with chosen colleagues, pinned to the menu, opened first by one person and by everyone. */
import type { Page } from '@playwright/test';
import { expectAccessible } from './support/accessible';
import { Office } from './support/office';
import { field, list, toast } from './support/screens';
import { expect, test } from './support/test';

const office = Office.forThisFile();

async function save(page: Page, name: string, sharing: string): Promise<void> {
  await page.getByRole('button', { name: 'Сохранить как вид' }).click();
  const dialog = page.getByRole('dialog', { name: 'Сохранить как вид' });
  await field(dialog, 'Название').fill(name);
  await dialog.getByText(sharing, { exact: true }).click();
}

async function choose(page: Page, view: string, item: string): Promise<void> {
  await page.getByRole('button', { name: `Вид «${view}»: действия` }).click();
  await page.getByRole('menuitemcheckbox', { name: item, exact: true }).click();
}

test('a view for a chosen colleague, pinned and opened first', async ({ page, otherPage }) => {
  await office.createPerson('Гарячий', { warmth: 'hot' });
  await office.createPerson('Холодний', { warmth: 'cold' });
  const colleague = await office.createUser('employee', 'Остап Лис', 'ostap-views');
  await office.enter(page, `/records/contact?section=clients&filter=${encodeURIComponent('warmth in ("hot")')}`);
  await save(page, 'Для Остапа', 'Выбранным');
  const dialog = page.getByRole('dialog', { name: 'Сохранить как вид' });
  await dialog.getByLabel('Коллеги').fill('Остап');
  await page.getByRole('option', { name: /Остап Лис/ }).click();
  await expectAccessible(page, 'view for chosen colleagues');
  await dialog.getByRole('button', { name: 'Сохранить' }).click();
  await expect(page.getByRole('tab', { name: /Для Остапа \(виден выбранным коллегам\)/ })).toHaveAttribute('aria-selected', 'true');

  await test.step('the colleague sees it, pins it and opens the clients with it', async () => {
    await office.enter(otherPage, '/records/contact?section=clients', colleague);
    await otherPage.getByRole('tab', { name: /Для Остапа.*автор: Олена Ковальчук/ }).click();
    await choose(otherPage, 'Для Остапа', 'Закрепить в меню');
    const sections = otherPage.getByRole('navigation', { name: 'Разделы' });
    await expect(sections.getByRole('link', { name: /Для Остапа/ })).toHaveAttribute('aria-current', 'page');
    await choose(otherPage, 'Для Остапа', 'Открывать первым');
    await expect.poll(async () => ((await (await otherPage.request.get(`${office.url}/api/v1/session`)).json()) as { user: { default_views: number[] } }).user.default_views.length).toBe(1);

    await otherPage.goto(`${office.url}/`);
    await expect(otherPage.getByRole('tab', { name: /Для Остапа/ })).toHaveAttribute('aria-selected', 'true');
    await expect(otherPage).toHaveURL(/warmth/);
    await otherPage.getByRole('tab', { name: 'Все', exact: true }).click();
    await expect(otherPage).toHaveURL(/view=0/);
    await otherPage.reload();
    await expect(otherPage.getByRole('tab', { name: 'Все', exact: true })).toHaveAttribute('aria-selected', 'true');
    await sections.getByRole('link', { name: /Для Остапа/ }).click();
    await expect(otherPage).toHaveURL(/warmth/);
    await expectAccessible(otherPage, 'menu with a pinned view');
  });
});

test('an administrator chooses what everyone opens first', async ({ page, otherPage }) => {
  const company = await office.createCompany('ТОВ «Видноколо»', { warmth: 'hot' });
  await office.enter(page, `/records/contact?section=companies&filter=${encodeURIComponent('warmth in ("hot")')}`);
  await save(page, 'Горячие компании', 'Всем');
  await page.getByRole('dialog', { name: 'Сохранить как вид' }).getByRole('button', { name: 'Сохранить' }).click();
  await expect(page.getByRole('tab', { name: /Горячие компании/ })).toHaveAttribute('aria-selected', 'true');
  await choose(page, 'Горячие компании', 'Открывать первым у всех');
  await expect(toast(page, 'Сохранено для всех')).toBeVisible();

  const colleague = await office.createUser('employee', 'Дана Явір', 'dana-views');
  await office.enter(otherPage, '/records/contact?section=companies', colleague);
  await expect(otherPage.getByRole('tab', { name: /Горячие компании/ })).toHaveAttribute('aria-selected', 'true');
  await expect(list.row(otherPage, company.title)).toHaveCount(0);
  await otherPage.getByRole('button', { name: 'Вид «Горячие компании»: действия' }).click();
  await expect(otherPage.getByRole('menuitemcheckbox', { name: 'Открывать первым у всех' })).toHaveCount(0);
});
