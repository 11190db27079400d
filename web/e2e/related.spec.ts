/** What belongs to a client: each kind by itself, how much of it is how far, and what is planned for a group of clients. */
import type { Locator, Page } from '@playwright/test';
import { expectAccessible } from './support/accessible';
import { Office, type StoredRecord } from './support/office';
import { card } from './support/screens';
import { expect, test } from './support/test';

const office = Office.forThisFile();

async function make(type: string, values: Record<string, unknown>): Promise<number> {
  return (await office.post<{ record: StoredRecord }>(`/records/${type}`, { values })).record.id;
}

const kind = (page: Page, name: RegExp): Locator => card.related(page).getByRole('tab', { name });
const state = (page: Page, of: string, name: RegExp): Locator => card.related(page).getByRole('group', { name: `${of}: по состоянию` }).getByRole('button', { name });
const items = (page: Page, of: string): Locator => card.related(page).getByRole('list', { name: of, exact: true }).getByRole('listitem');

test('each kind stands by itself with what it comes to', async ({ page }) => {
  const client = await office.createCompany('ТОВ «Діброва»');
  const uah = (amount: number): object => ({ amount: amount * 100, currency: 'UAH' });
  await make('deal', { title: 'Дах', contact: client.id, budget: uah(1_200) });
  await make('deal', { title: 'Паркан', contact: client.id, budget: uah(300), stage: 'needs' });
  await make('deal', { title: 'Ворота', contact: client.id, budget: uah(5_000), stage: 'won' });
  for (let number = 1; number <= 8; number += 1) await make('task', { title: `Дзвінок ${number}`, contact: client.id });
  await make('task', { title: 'Зроблено', contact: client.id, status: 'done' });

  await office.enter(page, `/records/contact/${client.id}`);
  await expect(state(page, 'Сделки', /^В работе 2/)).toContainText(/1\s500/);
  await expect(state(page, 'Сделки', /^Успешно 1/)).toContainText(/5\s000/);
  await expect(items(page, 'Сделки')).toHaveCount(3);
  await state(page, 'Сделки', /^Успешно/).click();
  await expect(items(page, 'Сделки')).toHaveText([/Ворота/]);
  await state(page, 'Сделки', /^Успешно/).click();
  await expect(items(page, 'Сделки')).toHaveCount(3);
  // Only what has to be done, and not all of it; by itself, all of it.
  await expect(items(page, 'Задачи')).toHaveCount(6);
  await expectAccessible(page, 'what belongs to a client');
  await kind(page, /^Задачи 9/).click();
  await expect(items(page, 'Задачи')).toHaveCount(8);
  await expect(items(page, 'Сделки')).toHaveCount(0);
  await state(page, 'Задачи', /^Закрыто 1/).click();
  await expect(items(page, 'Задачи')).toHaveText([/Зроблено/]);
  await kind(page, /^Всё/).click();
  await expect(items(page, 'Сделки')).toHaveCount(3);
});

test('what is planned for a group stands on the cards of its members', async ({ page }) => {
  const west = await make('group', { name: 'Захід', kind: 'manual' });
  const lviv = await make('group', { name: 'Львів', kind: 'manual', parent: west });
  const dealer = await office.createCompany('ТОВ «Дилер»', { groups: [lviv] });
  const other = await office.createCompany('ТОВ «Інший»');

  await office.enter(page, '/groups');
  await page.getByRole('button', { name: 'Группа «Захід»: действия' }).click();
  await page.getByRole('menuitem', { name: 'Задачи и мероприятия группы' }).click();
  const entry = page.getByLabel('Новая запись: задача');
  await entry.fill('Нарада дилерів');
  await entry.press('Enter');
  await expect(items(page, 'Задачи')).toHaveText([/Нарада дилерів/]);

  // Who is in a group below it has it, too; who is in none has not.
  await page.goto(`${office.url}/records/contact/${dealer.id}`);
  await expect(items(page, 'Задачи')).toHaveText([/Нарада дилерів/]);
  await page.goto(`${office.url}/records/contact/${other.id}`);
  await expect(page.getByLabel('Новая запись: задача')).toBeVisible();
  await expect(items(page, 'Задачи')).toHaveCount(0);
});
