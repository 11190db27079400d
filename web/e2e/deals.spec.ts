/** Deals: on the board by their stage, lost with a reason, on the card of the client, with tasks of their own. */
import type { Locator, Page } from '@playwright/test';
import { expectAccessible } from './support/accessible';
import { drag } from './support/drag';
import { Office } from './support/office';
import { card, field, toast } from './support/screens';
import { expect, test } from './support/test';

const office = Office.forThisFile();
let client = 0;
let roof = 0;

test.beforeAll(async () => {
  client = (await office.createCompany('ТОВ «Явір»')).id;
  const deal = (values: object): Promise<{ record: { id: number } }> => office.post('/records/deal', { values });
  roof = (await deal({ title: 'Крыша склада', contact: client, stage: 'proposal', budget: { amount: 25_000_000, currency: 'UAH' } })).record.id;
  await deal({ title: 'Ворота', contact: client, stage: 'proposal', budget: { amount: 4_000_000, currency: 'UAH' }, expected_close: '2026-01-15' });
});

const column = (page: Page, name: string): Locator => page.getByRole('region', { name, exact: true });
const cardIn = (page: Page, name: string, title: string): Locator => column(page, name).getByRole('listitem', { name: title, exact: true });

async function valueOf(name: string): Promise<unknown> {
  return (await office.get<{ values: Record<string, unknown> }>(`/records/deal/${roof}`)).values[name];
}

test('a deal that is dropped on the stage of the lost asks why', async ({ page }) => {
  await office.enter(page, '/records/deal?section=all_deals&look=board&by=stage&sum=budget');
  await expect(column(page, 'Предложение')).toContainText(/290\s000/);
  await expectAccessible(page, 'a board of deals');
  // Both in sight, as for a person who drags.
  await column(page, 'Проиграна').scrollIntoViewIfNeeded();
  await drag(cardIn(page, 'Предложение', 'Крыша склада'), column(page, 'Проиграна'));
  const dialog = page.getByRole('dialog', { name: '«Проиграна»: что нужно заполнить' });
  await dialog.getByRole('button', { name: 'Отмена' }).click();
  await expect(cardIn(page, 'Предложение', 'Крыша склада')).toBeVisible();
  await drag(cardIn(page, 'Предложение', 'Крыша склада'), column(page, 'Проиграна'));
  await dialog.getByLabel('Причина проигрыша').selectOption('Дорого');
  await dialog.getByRole('button', { name: 'Перенести' }).click();
  await expect(cardIn(page, 'Проиграна', 'Крыша склада')).toBeVisible();
  await expect.poll(() => valueOf('lost_reason')).toBe('price');
  expect(await valueOf('probability')).toBe(0);
});

test('the card of a client has its deals, and a deal its tasks', async ({ page }) => {
  await office.enter(page, `/records/contact/${client}`);
  const deals = card.related(page).getByRole('list', { name: 'Сделки' }).getByRole('listitem');
  await expect(deals).toHaveCount(2);
  await expect(deals.filter({ hasText: 'Ворота' }).getByRole('img', { name: 'Просрочено' })).toBeVisible();
  await deals.filter({ hasText: 'Ворота' }).getByRole('link').first().click();
  await expect(page.getByRole('heading', { name: 'Ворота' }).first()).toBeVisible();
  await office.enter(page, `/records/deal/${roof}`);
  const entry = page.getByLabel('Новая запись: задача');
  await entry.fill('Отправить смету');
  await entry.press('Enter');
  await expect(card.related(page).getByRole('list', { name: 'Задачи' }).getByRole('listitem').filter({ hasText: 'Отправить смету' })).toBeVisible();
});

test('a deal is made with a stage that gives its chance', async ({ page }) => {
  await office.enter(page, '/records/deal/new?section=all_deals');
  await field(page, 'Название').fill('Забор');
  await page.getByLabel('Этап').selectOption('Квалификация');
  await expectAccessible(page, 'the form of a deal');
  await page.getByRole('button', { name: 'Сохранить', exact: true }).click();
  await expect(page.getByRole('heading', { name: 'Забор' }).first()).toBeVisible();
  await expect(page.getByRole('main')).toContainText('50');
});

test('a press on a stage above the card moves the deal there, and what the stage asks for is asked', async ({ page }) => {
  const { id } = (await office.post<{ record: { id: number } }>('/records/deal', { values: { title: 'Лестница', contact: client, stage: 'needs' } })).record;
  const stageOf = async (): Promise<unknown> => (await office.get<{ values: Record<string, unknown> }>(`/records/deal/${id}`)).values.stage;
  await office.enter(page, `/records/deal/${id}`);
  const bar = page.getByRole('group', { name: 'Этап' });
  const stage = (name: string): Locator => bar.getByRole('button', { name, exact: true });
  await expect(stage('Потребности')).toHaveAttribute('aria-current', 'step');
  await expectAccessible(page, 'the stages of a deal');
  await stage('Предложение').click();
  await expect(stage('Предложение')).toHaveAttribute('aria-current', 'step');
  await expect.poll(stageOf).toBe('proposal');
  await toast(page, 'Лестница').getByRole('button', { name: 'Отменить' }).click();
  await expect(stage('Потребности')).toHaveAttribute('aria-current', 'step');

  // By keyboard to the end of the way, which asks why.
  await stage('Потребности').focus();
  await page.keyboard.press('End');
  await expect(stage('Проиграна')).toBeFocused();
  await page.keyboard.press('Enter');
  const dialog = page.getByRole('dialog', { name: '«Проиграна»: что нужно заполнить' });
  await dialog.getByRole('button', { name: 'Отмена' }).click();
  await expect(stage('Потребности')).toHaveAttribute('aria-current', 'step');
  await stage('Проиграна').click();
  await dialog.getByLabel('Причина проигрыша').selectOption('Дорого');
  await dialog.getByRole('button', { name: 'Перенести' }).click();
  await expect(stage('Проиграна')).toHaveAttribute('aria-current', 'step');
  await expect.poll(stageOf).toBe('lost');
});
