/** Who is free: people of a new event and of one that stands, the times in common, a reminder. */
import { expectAccessible } from './support/accessible';
import { Office, type StoredRecord } from './support/office';
import { toast } from './support/screens';
import { expect, test } from './support/test';

const office = Office.forThisFile();

/** The Monday after the next, so that nothing of today is in the way. */
const monday = new Date(Date.now() + (14 - ((new Date().getUTCDay() + 6) % 7)) * 86_400_000).toISOString().slice(0, 10);

let worker: { id: number };

test.beforeAll(async () => {
  worker = await office.createUser('employee', 'Гнатюк Олег', 'hnatiuk');
  await office.post('/records/event', {
    values: { title: 'Секретное', visibility: 'private', responsible: worker.id, starts_at: `${monday}T07:00:00Z`, ends_at: `${monday}T09:00:00Z` },
  });
});

test('a colleague is asked to a new event, his time is seen, and a time in common is taken', async ({ page }) => {
  await office.enter(page, `/calendar?view=day&day=${monday}`);
  await page.getByRole('button', { name: 'Создать' }).click();
  await page.getByRole('textbox', { name: 'Название' }).fill('Переговоры');
  await page.getByRole('radio', { name: 'Мероприятие' }).check();
  await page.getByRole('combobox', { name: 'Добавить коллегу' }).fill('Гнатюк');
  await page.keyboard.press('Enter');
  const people = page.getByRole('list', { name: 'Кто свободен' });
  await expect(people.getByRole('listitem').filter({ hasText: 'Гнатюк Олег' })).toContainText(/занят/);
  await expectAccessible(page, 'free times');
  await page.getByRole('button', { name: 'Найти время' }).click();
  const first = page.getByRole('list', { name: 'Общее время' }).getByRole('button').first();
  await first.click();
  await page.getByRole('combobox', { name: 'Напомнить' }).selectOption('hour');
  await page.getByRole('dialog', { name: 'Новая запись' }).getByRole('button', { name: 'Создать' }).click();
  await expect(toast(page, 'Переговоры')).toBeVisible();
  const { items } = await office.get<{ items: StoredRecord[] }>(`/records/event?filter=${encodeURIComponent('title = "Переговоры"')}`);
  expect(items[0]?.values).toMatchObject({ reminder: 'hour', colleagues: [{ id: worker.id }] });
  const free = await office.get<{ people: { busy: { from: string; to: string }[] }[] }>(
    `/calendar/free?users=${worker.id}&from=${monday}T00:00:00Z&to=${monday}T23:00:00Z`,
  );
  // It follows the hidden one at once: of two that touch only one span is told.
  expect(free.people[0]?.busy).toEqual([{ from: `${monday}T07:00:00.000Z`, to: items[0]?.values.ends_at }]);
});

test('the card of an event says who is busy and moves it to a time in common, with an undo', async ({ page }) => {
  const { record } = await office.post<{ record: StoredRecord }>('/records/event', {
    values: { title: 'Встреча', colleagues: [worker.id], starts_at: `${monday}T07:30:00Z`, ends_at: `${monday}T08:30:00Z` },
  });
  await office.enter(page, `/records/event/${record.id}`);
  await expect(page.getByText('За 15 минут')).toBeVisible();
  const people = page.getByRole('list', { name: 'Кто свободен' });
  await expect(people.getByRole('listitem').filter({ hasText: 'Гнатюк Олег' })).toContainText(/занят/);
  await page.getByRole('button', { name: 'Найти время' }).click();
  await page.getByRole('list', { name: 'Общее время' }).getByRole('button').first().click();
  const done = toast(page, 'Встреча');
  await expect(done).toBeVisible();
  await expect(people.getByRole('listitem').filter({ hasText: 'Гнатюк Олег' })).toBeVisible();
  await done.getByRole('button', { name: 'Отменить' }).click();
  await expect.poll(async () => (await office.get<StoredRecord>(`/records/event/${record.id}`)).values.starts_at).toBe(`${monday}T07:30:00.000Z`);
});
