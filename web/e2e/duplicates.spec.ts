/** Duplicates: found, looked at side by side, merged with a choice, told apart, and everything taken back. */
import type { Locator, Page } from '@playwright/test';
import { Office, phone, type StoredRecord } from './support/office';
import { list, toast } from './support/screens';
import { expect, test } from './support/test';

const office = Office.forThisFile();

interface JobRow {
  id: number;
  state: string;
}

/** Searches the base over the API and waits until the queue is there. */
async function search(): Promise<void> {
  const { job } = await office.post<{ job: JobRow }>('/duplicates/search', { type: 'contact' });
  await expect.poll(async () => (await office.get<JobRow>(`/jobs/${job.id}`)).state, { timeout: 60_000 }).toBe('done');
}

/** Two cards of one person whose mail services tell the same mailbox. */
async function pair(name: string, one: Record<string, unknown> = {}, two: Record<string, unknown> = {}): Promise<[StoredRecord, StoredRecord]> {
  const mail = (address: string): Record<string, unknown> => ({ kind: 'email', label: 'work', value: address });
  const box = `box${name.length}${[...name].map((letter) => letter.codePointAt(0) ?? 0).reduce((sum, code) => sum + code, 0)}`;
  return [
    await office.createPerson(name, { first_name: 'Іван', channels: [mail(`${box}@gmail.com`)], ...one }),
    await office.createPerson(name, { first_name: 'Иван', channels: [mail(`${box}+crm@gmail.com`)], ...two }),
  ];
}

function cluster(page: Page, name: string): Locator {
  return page.getByRole('navigation', { name: 'Очередь дубликатов' }).getByRole('button', { name: new RegExp(name) });
}

/** The row of a field in the comparison. */
function row(page: Page, field: string): Locator {
  return page.getByRole('row').filter({ has: page.getByRole('rowheader', { name: field, exact: true }) });
}

test('a search finds a pair, the chosen value stands, and the toast brings both cards back', async ({ page }) => {
  const [one, two] = await pair('Яремчук', { position: 'бухгалтер', remark: 'перший' }, { position: 'главный бухгалтер', warmth: 'hot' });
  await office.enter(page, '/duplicates');

  await test.step('starts the search and sees the pair', async () => {
    await page.getByRole('main').getByRole('button', { name: 'Искать' }).click();
    await page.getByRole('dialog').getByRole('button', { name: 'Искать' }).click();
    await expect(cluster(page, 'Яремчук')).toBeVisible({ timeout: 60_000 });
    await cluster(page, 'Яремчук').click();
    await expect(page.getByText(/Совпало: почта, имя/).first()).toBeVisible();
  });

  await test.step('chooses which card stays and whose position', async () => {
    await page.getByRole('radio', { name: 'Остаётся эта карточка: Яремчук Іван' }).check();
    await row(page, 'Должность').getByRole('radio', { name: 'Должность: Яремчук Иван' }).check();
    await expect(row(page, 'Должность').getByRole('cell').last()).toContainText('главный бухгалтер');
    await expect(row(page, 'Примечание').getByRole('cell').last()).toContainText('перший');
  });

  await test.step('merges', async () => {
    await page.getByRole('button', { name: 'Объединить 2 карточки' }).click();
    await expect(toast(page, 'Объединено: Яремчук Іван')).toBeVisible();
    const merged = await office.get<StoredRecord>(`/records/contact/${one.id}`);
    expect(merged.values).toMatchObject({ position: 'главный бухгалтер', remark: 'перший', warmth: 'hot', first_name: 'Іван' });
    expect(merged.values.channels).toHaveLength(2);
    const gone = await office.get<StoredRecord & { merged_into: { id: number } }>(`/records/contact/${two.id}`);
    expect(gone.merged_into.id).toBe(one.id);
  });

  await test.step('takes it back from the toast', async () => {
    await toast(page, 'Объединено').getByRole('button', { name: 'Отменить' }).click();
    await expect(toast(page, 'Отменено')).toBeVisible();
    for (const { id, values } of [one, two]) {
      const back = await office.get<StoredRecord & { deleted_at: string | null }>(`/records/contact/${id}`);
      expect(back.deleted_at).toBeNull();
      expect(back.values).toEqual(values);
    }
  });
});

test('the keyboard tells cards apart for good, and goes through the queue', async ({ page }) => {
  await pair('Гуцуляк');
  await pair('Довбуш');
  await pair('Черемош');
  await search();
  await office.enter(page, '/duplicates');
  await cluster(page, 'Гуцуляк').click();
  await page.keyboard.press('n');
  await expect(toast(page, 'Больше не предложим их объединить')).toBeVisible();
  await expect(cluster(page, 'Гуцуляк')).toHaveCount(0);
  await search();
  await page.reload();
  await expect(cluster(page, 'Довбуш')).toBeVisible();
  await expect(cluster(page, 'Гуцуляк')).toHaveCount(0);

  const current = page.getByRole('navigation', { name: 'Очередь дубликатов' }).locator('[aria-current=true]');
  const first = await current.textContent();
  await page.keyboard.press('j');
  await expect(current).not.toHaveText(first ?? '');
  await page.keyboard.press('k');
  await expect(current).toHaveText(first ?? '');
  await cluster(page, 'Довбуш').click();
  await expect(page.getByRole('heading', { name: 'Дубликаты' })).toBeVisible();
  await page.keyboard.press('m');
  await expect(toast(page, 'Объединено: Довбуш')).toBeVisible();
  await expect(cluster(page, 'Довбуш')).toHaveCount(0);
});

test('ticked rows of a list become one card, and the old link leads there', async ({ page }) => {
  const company = await office.createCompany('ТОВ «Смерека»');
  const branch = await office.createCompany('Смерека Захід', { channels: [phone('044 300 20 10')] });
  const worker = await office.createPerson('Смеречко', { first_name: 'Оля', parent: branch.id });
  await office.enter(page, '/records/contact?section=companies&q=%D0%A1%D0%BC%D0%B5%D1%80%D0%B5%D0%BA%D0%B0');
  await list.row(page, 'ТОВ «Смерека»').getByRole('checkbox').check();
  await list.row(page, 'Смерека Захід').getByRole('checkbox').check();
  await page.getByRole('toolbar', { name: 'Действия с отмеченными' }).getByRole('button', { name: 'Объединить' }).click();
  await page.getByRole('radio', { name: 'Остаётся эта карточка: ТОВ «Смерека»' }).check();
  await expect(page.getByText('Перейдёт 1 связанная карточка')).toBeVisible();
  await page.getByRole('button', { name: 'Объединить 2 карточки' }).click();
  await expect(page.getByRole('heading', { level: 1, name: 'ТОВ «Смерека»' })).toBeVisible();
  await expect(page.getByRole('link', { name: /Смеречко/ }).first()).toBeVisible();
  const moved = await office.get<StoredRecord>(`/records/contact/${worker.id}`);
  expect(moved.values.parent).toMatchObject({ id: company.id });

  await page.goto(`${office.url}/records/contact/${branch.id}`);
  const notice = page.getByText('Эта карточка объединена с другой:');
  await expect(notice).toBeVisible();
  await notice.getByRole('link', { name: 'ТОВ «Смерека»' }).click();
  await expect(page.getByRole('heading', { level: 1, name: 'ТОВ «Смерека»' })).toBeVisible();
});

test('a card offers what looks like it, and any other by name', async ({ page }) => {
  const [one] = await pair('Зінчук');
  const other = await office.createPerson('Зінченко', { first_name: 'Іван' });
  await search();
  await office.enter(page, `/records/contact/${one.id}`);
  await page.getByRole('button', { name: 'Действия с карточкой' }).click();
  await page.getByRole('menuitem', { name: 'Найти дубликаты, объединить…' }).click();
  await page.getByRole('button', { name: 'Зінчук Иван' }).click();
  await expect(page.getByRole('columnheader', { name: /Зінчук Иван/ })).toBeVisible();
  await page.getByRole('combobox', { name: 'Добавить карточку' }).fill('Зінченко');
  await page.getByRole('option', { name: /Зінченко/ }).click();
  await expect(page.getByRole('button', { name: 'Объединить 3 карточки' })).toBeVisible();
  await page.getByRole('checkbox', { name: 'Не объединять: Зінченко Іван' }).uncheck();
  await page.getByRole('button', { name: 'Объединить 2 карточки' }).click();
  await expect(toast(page, 'Объединено')).toBeVisible();
  expect((await office.get<StoredRecord & { deleted_at: string | null }>(`/records/contact/${other.id}`)).deleted_at).toBeNull();
});

test('all sure groups become one card each by a rule, in one operation', async ({ page }) => {
  await pair('Кобзар', {}, { remark: 'повніша', warmth: 'hot' });
  await pair('Лисенко', {}, { remark: 'повніша', warmth: 'hot' });
  await search();
  await office.enter(page, '/duplicates');
  await expect(cluster(page, 'Кобзар')).toBeVisible();
  await page.getByRole('button', { name: 'Объединить все…' }).click();
  const dialog = page.getByRole('dialog');
  await expect(dialog.getByRole('status')).toContainText(/Групп: \d+/);
  await dialog.getByRole('button', { name: /^Объединить \d+ групп/ }).click();
  await expect(toast(page, 'Объединение дубликатов: готово')).toBeVisible({ timeout: 60_000 });
  await expect(cluster(page, 'Кобзар')).toHaveCount(0);
  await page.goto(`${office.url}/operations`);
  await expect(page.getByRole('table', { name: 'Операции' }).getByRole('row').nth(1)).toContainText('Объединение');
  await page.getByRole('table', { name: 'Операции' }).getByRole('row').nth(1).getByRole('button', { name: 'Отменить' }).click();
  await page.getByRole('dialog').getByRole('button', { name: /^Отменить/ }).click();
  await expect(toast(page, 'Отменено')).toBeVisible();
  const found = await office.get<{ items: StoredRecord[] }>(`/records/contact?search=${encodeURIComponent('Кобзар')}`);
  expect(found.items).toHaveLength(2);
});

test('an employee merges his own and cannot search the whole base', async ({ page }) => {
  const person = await office.createUser('employee', 'Марія Лемківська', 'maria.l');
  await pair('Мельничук', { managers: [person.id] }, { managers: [person.id] });
  await pair('Чужинець');
  await search();
  await office.enter(page, '/duplicates', person);
  await expect(cluster(page, 'Мельничук')).toBeVisible();
  await expect(cluster(page, 'Чужинець')).toHaveCount(0);
  await expect(page.getByRole('button', { name: /Искать/ })).toHaveCount(0);
  await page.getByRole('button', { name: 'Объединить 2 карточки' }).click();
  await expect(toast(page, 'Объединено: Мельничук')).toBeVisible();
});
