/** The calendar: entries that are moved, stretched and drawn, by mouse, keyboard and finger; several people; clocks that change. */
import type { Locator, Page } from '@playwright/test';
import { expectAccessible } from './support/accessible';
import { pull } from './support/drag';
import { Office } from './support/office';
import { card, toast } from './support/screens';
import { expect, test } from './support/test';

const office = Office.forThisFile();

/** A week of its own for each test, in winter; Kyiv is two hours ahead of UTC. */
function at(day: string, clock: string): string {
  const [hours = 0, minutes = 0] = clock.split(':').map(Number);
  return new Date(Date.parse(`${day}T00:00:00Z`) + (hours * 60 + minutes - 120) * 60_000).toISOString();
}

interface Stored {
  id: number;
  values: Record<string, unknown>;
}

async function create(type: string, values: Record<string, unknown>): Promise<Stored> {
  const { record } = await office.post<{ record: Stored }>(`/records/${type}`, { values });
  return record;
}

function event(title: string, day: string, from: string, to: string, more: Record<string, unknown> = {}): Promise<Stored> {
  return create('event', { title, starts_at: at(day, from), ends_at: at(day, to), ...more });
}

async function timesOf(type: string, id: number): Promise<unknown[]> {
  const { values } = await office.get<Stored>(`/records/${type}/${id}`);
  return [values.starts_at, values.deadline ?? values.ends_at].map((text) => (typeof text === 'string' ? new Date(text).toISOString() : text));
}

function entry(page: Page, title: string): Locator {
  return page.locator('[data-entry]').filter({ hasText: title });
}

function column(page: Page, day: string): Locator {
  return page.locator(`[data-column^="${day}"]`);
}

/** The point of a time in a column. */
async function pointOf(page: Page, day: string, clock: string): Promise<{ x: number; y: number }> {
  const box = await column(page, day).boundingBox();
  if (box === null) throw new Error(`no column for ${day}`);
  const [hours = 0, minutes = 0] = clock.split(':').map(Number);
  return { x: box.x + box.width / 2, y: box.y + (box.height * (hours * 60 + minutes)) / 1440 };
}

test('an event is dragged to another day and hour, and taken back', async ({ page }) => {
  const made = await event('Переговоры', '2026-12-01', '10:00', '11:30');
  await office.enter(page, '/calendar?view=week&day=2026-12-01');
  await expect(entry(page, 'Переговоры')).toBeVisible();
  await pull(page, await pointOf(page, '2026-12-01', '10:30'), await pointOf(page, '2026-12-03', '13:45'));
  await expect(toast(page, 'Переговоры: теперь 03.12.2026, 13:15')).toBeVisible();
  expect(await timesOf('event', made.id)).toEqual([at('2026-12-03', '13:15'), at('2026-12-03', '14:45')]);
  await expect(column(page, '2026-12-03').locator('[data-entry]')).toBeVisible();
  await toast(page, 'Переговоры').getByRole('button', { name: 'Отменить' }).click();
  await expect(column(page, '2026-12-01').locator('[data-entry]')).toBeVisible();
  expect(await timesOf('event', made.id)).toEqual([at('2026-12-01', '10:00'), at('2026-12-01', '11:30')]);
});

test('an edge is dragged to make it longer, and Escape leaves it as it was', async ({ page }) => {
  const made = await event('Обучение', '2026-12-08', '10:00', '11:00');
  await office.enter(page, '/calendar?view=week&day=2026-12-08');
  await expect(entry(page, 'Обучение')).toBeVisible();
  const edge = await pointOf(page, '2026-12-08', '11:00');
  await pull(page, { ...edge, y: edge.y - 4 }, await pointOf(page, '2026-12-08', '12:30'));
  await expect(toast(page, 'Обучение: теперь до 08.12.2026, 12:30')).toBeVisible();
  expect(await timesOf('event', made.id)).toEqual([at('2026-12-08', '10:00'), at('2026-12-08', '12:30')]);
  const from = await pointOf(page, '2026-12-08', '11:00');
  await page.mouse.move(from.x, from.y);
  await page.mouse.down();
  await page.mouse.move(from.x, from.y + 80, { steps: 4 });
  await page.keyboard.press('Escape');
  await page.mouse.up();
  await expect(entry(page, 'Обучение')).toHaveAttribute('aria-label', /10:00 – 12:30/);
  expect(await timesOf('event', made.id)).toEqual([at('2026-12-08', '10:00'), at('2026-12-08', '12:30')]);
});

test('empty time is drawn on, and what is typed becomes a task there', async ({ page }) => {
  await office.enter(page, '/calendar?view=week&day=2026-12-15');
  await expect(column(page, '2026-12-16')).toBeVisible();
  await pull(page, await pointOf(page, '2026-12-16', '09:00'), await pointOf(page, '2026-12-16', '10:30'));
  const form = page.getByRole('dialog', { name: 'Новая запись' });
  await form.getByRole('radio', { name: 'Задача' }).check({ force: true });
  await form.getByLabel('Название').fill('Подготовить смету');
  await expectAccessible(page, 'a new entry');
  await form.getByLabel('Название').press('Enter');
  await expect(toast(page, 'Создано: Подготовить смету')).toBeVisible();
  await expect(form).toBeHidden();
  await expect(entry(page, 'Подготовить смету')).toBeVisible();
  const { items } = await office.get<{ items: Stored[] }>(`/records/task?filter=${encodeURIComponent('title = "Подготовить смету"')}`);
  expect(await timesOf('task', items[0]?.id ?? 0)).toEqual([at('2026-12-16', '09:00'), at('2026-12-16', '10:30')]);
  await toast(page, 'Создано').getByRole('button', { name: 'Отменить' }).click();
  await expect(entry(page, 'Подготовить смету')).toBeHidden();
});

test('an entry whose answer was lost is made once', async ({ page }) => {
  await office.enter(page, '/calendar?view=week&day=2027-01-12');
  await expect(column(page, '2027-01-13')).toBeVisible();
  await pull(page, await pointOf(page, '2027-01-13', '09:00'), await pointOf(page, '2027-01-13', '10:00'));
  const form = page.getByRole('dialog', { name: 'Новая запись' });
  await form.getByRole('radio', { name: 'Задача' }).check({ force: true });
  let isLost = false;
  await page.route('**/api/v1/records/task', async (route) => {
    if (isLost || route.request().method() !== 'POST') return route.continue();
    isLost = true;
    await route.fetch();
    return route.abort();
  });
  await form.getByLabel('Название').fill('Проверить склад');
  await form.getByLabel('Название').press('Enter');
  await expect(form.getByRole('alert')).toBeVisible();
  await form.getByLabel('Название').press('Enter');
  await expect(form).toBeHidden();
  const { items } = await office.get<{ items: Stored[] }>(`/records/task?filter=${encodeURIComponent('title = "Проверить склад"')}`);
  expect(items).toHaveLength(1);
});

test('the keyboard turns pages, changes views, moves, stretches, opens and makes', async ({ page }) => {
  const made = await event('Созвон', '2026-12-22', '15:00', '16:00');
  await office.enter(page, '/calendar?view=week&day=2026-12-15');
  await expect(page.getByRole('heading', { level: 1 })).toHaveText(/14–20 декабря 2026/);
  await page.keyboard.press('ArrowRight');
  await expect(page.getByRole('heading', { level: 1 })).toHaveText(/21–27 декабря 2026/);
  await entry(page, 'Созвон').focus();
  await page.keyboard.press('Shift+ArrowDown');
  await page.keyboard.press('Shift+ArrowDown');
  await page.keyboard.press('Shift+ArrowRight');
  await expect(toast(page, 'Созвон: теперь 23.12.2026, 15:30')).toBeVisible();
  await expect(entry(page, 'Созвон')).toBeFocused();
  expect(await timesOf('event', made.id)).toEqual([at('2026-12-23', '15:30'), at('2026-12-23', '16:30')]);
  await page.keyboard.press('Control+Shift+ArrowDown');
  await expect(toast(page, 'Созвон: теперь до 23.12.2026, 16:45')).toBeVisible();
  await page.keyboard.press('Enter');
  await expect(page).toHaveURL(/open=event-/);
  await expect(page.getByRole('complementary', { name: 'Созвон' })).toBeVisible();
  await page.keyboard.press('Escape');
  await expect(page).not.toHaveURL(/open=/);
  await page.keyboard.press('m');
  await expect(page.getByRole('heading', { level: 1 })).toHaveText(/Декабрь 2026/);
  await expect(entry(page, 'Созвон')).toBeVisible();
  await expectAccessible(page, 'a month');
  await page.keyboard.press('a');
  await expect(page.getByRole('region', { name: /среда, 23 декабря/ })).toBeVisible();
  await page.keyboard.press('d');
  await page.keyboard.press('t');
  await page.keyboard.press('n');
  const form = page.getByRole('dialog', { name: 'Новая запись' });
  await form.getByLabel('Название').fill('Сделать сегодня');
  await page.keyboard.press('Enter');
  await expect(toast(page, 'Создано: Сделать сегодня')).toBeVisible();
  await page.reload();
  await expect(page.getByRole('radio', { name: 'День', exact: true })).toBeChecked();
});

test('colleagues stand side by side, and the choice is remembered', async ({ page }) => {
  const colleague = await office.createUser('employee', 'Олена Кравец', 'kravets');
  await event('Встреча Олены', '2027-01-12', '10:00', '11:00', { responsible: colleague.id });
  await event('Моя встреча', '2027-01-12', '10:30', '11:30');
  await office.enter(page, '/calendar?view=day&day=2027-01-12');
  await expect(entry(page, 'Моя встреча')).toBeVisible();
  await expect(entry(page, 'Встреча Олены')).toBeHidden();
  await page.getByRole('complementary', { name: 'Что показано' }).getByRole('checkbox', { name: /Олена Кравец/ }).check({ force: true });
  await expect(page.locator('[data-column]')).toHaveCount(2);
  await expect(page.getByRole('group', { name: /Олена Кравец/ }).locator('[data-entry]')).toContainText('Встреча Олены');
  await expectAccessible(page, 'two people side by side');
  await page.goto(`${new URL(page.url()).origin}/calendar?view=week&day=2027-01-12`);
  const [mine, hers] = [entry(page, 'Моя встреча'), entry(page, 'Встреча Олены')];
  await expect(mine).toBeVisible();
  expect(await mine.getAttribute('data-tone')).not.toBe(await hers.getAttribute('data-tone'));
  // They share the width.
  const [left, right] = [await hers.boundingBox(), await mine.boundingBox()];
  expect((left?.x ?? 0) + (left?.width ?? 0)).toBeLessThanOrEqual((right?.x ?? 0) + 1);
});

test('a week whose clocks change keeps its hours, and an event moved over the change keeps its time', async ({ page }) => {
  // Clocks go back in the night to Sunday, 31 October 2027: Saturday is UTC+3, Sunday afternoon UTC+2.
  const made = await create('event', { title: 'Выставка', starts_at: '2027-10-30T12:00:00Z', ends_at: '2027-10-30T13:00:00Z' });
  await office.enter(page, '/calendar?view=week&day=2027-10-30');
  await expect(entry(page, 'Выставка')).toHaveAttribute('aria-label', /15:00 – 16:00/);
  await pull(page, await pointOf(page, '2027-10-30', '15:30'), await pointOf(page, '2027-10-31', '15:30'));
  await expect(toast(page, 'Выставка: теперь 31.10.2027, 15:00')).toBeVisible();
  expect(await timesOf('event', made.id)).toEqual(['2027-10-31T13:00:00.000Z', '2027-10-31T14:00:00.000Z']);
});

test('on a phone there are the day and the list, and a tap makes an entry', async ({ browser }) => {
  await event('Утренняя встреча', '2027-02-02', '09:00', '10:00');
  const context = await browser.newContext({ viewport: { width: 390, height: 844 }, hasTouch: true, isMobile: true, locale: 'ru-RU', timezoneId: 'Europe/Kyiv' });
  const page = await context.newPage();
  await office.enter(page, '/calendar?view=week&day=2027-02-02');
  await expect(entry(page, 'Утренняя встреча')).toBeVisible();
  await expect(page.getByRole('radio', { name: 'Неделя' })).toBeHidden();
  await expectAccessible(page, 'a day on a phone');
  const point = await pointOf(page, '2027-02-02', '11:10');
  await page.touchscreen.tap(point.x, point.y);
  const form = page.getByRole('dialog', { name: 'Новая запись' });
  await form.getByLabel('Название').fill('Звонок');
  await form.getByRole('button', { name: 'Создать' }).click();
  await expect(entry(page, 'Звонок')).toHaveAttribute('aria-label', /11:00 – 12:00/);
  await page.getByText('Список', { exact: true }).click();
  await expect(page.getByRole('region', { name: /вторник, 2 февраля/ })).toContainText('Утренняя встреча');
  await expectAccessible(page, 'the list on a phone');
  await page.getByRole('button', { name: /Утренняя встреча/ }).click();
  await expect(card.related(page).or(page.getByRole('complementary', { name: 'Утренняя встреча' })).first()).toBeVisible();
  await context.close();
});
