/** A salesperson's day, in each language: the morning list, a call, a note, a deal that moves and one that is lost, a task, a meeting, a reminder. */
import type { Locator } from '@playwright/test';
import { drag, pull } from './support/drag';
import { Office, phone } from './support/office';
import { PushService } from './support/push-service';
import { expect, test } from './support/test';
import { textIn, type Language } from './support/texts';
import { deliverPush, shownBy, untilControlled } from './support/worker';

test.use({ serviceWorkers: 'allow' });

const office = Office.forThisFile();

test.beforeAll(() => office.patch('/installation', { push_services: ['127.0.0.1'] }));

interface Labelled {
  key: string;
  labels: Record<string, string>;
}

interface Catalog {
  object_types: { name: string; labels: Record<string, string>; fields: { name: string; labels: Record<string, string>; settings: { options?: Labelled[] } }[] }[];
}

async function valueOf(path: string, name: string): Promise<unknown> {
  return (await office.get<{ values: Record<string, unknown> }>(path)).values[name];
}

for (const language of ['ru', 'uk', 'en'] as const satisfies readonly Language[]) {
  test(`a day of a salesperson in ${language}`, async ({ page, context }) => {
    const service = await PushService.start();
    await context.grantPermissions(['notifications'], { origin: office.url });
    await service.standInFor(page);
    const text = (area: string, key: string, gaps?: Record<string, string>): string => textIn(language, area, key, gaps);
    const seller = await office.createUser('employee', `Тарас ${language}`, `taras-${language}`, language);
    const { object_types: types } = await office.get<Catalog>('/catalog');
    const typeOf = (name: string) => types.find((type) => type.name === name);
    const label = (name: string): string => typeOf(name)?.labels[language] ?? '';
    const fieldOf = (type: string, name: string) => typeOf(type)?.fields.find((field) => field.name === name);
    const option = (type: string, field: string, key: string): string =>
      fieldOf(type, field)?.settings.options?.find((one) => one.key === key)?.labels[language] ?? '';
    const make = async (type: string, values: object): Promise<number> =>
      (await office.post<{ record: { id: number } }>(`/records/${type}`, { values })).record.id;
    const client = (await office.createPerson(`Гайова ${language}`, { managers: [seller.id], channels: [phone(`+380 67 200 30 ${{ ru: 41, uk: 42, en: 43 }[language]}`)] })).id;
    const budget = { amount: 25_000_000, currency: 'UAH' };
    const warm = await make('deal', { title: 'Дах складу', contact: client, responsible: seller.id, stage: 'needs', budget });
    const cold = await make('deal', { title: 'Паркан', contact: client, responsible: seller.id, stage: 'proposal', budget });

    // Before the day: this browser tells over all windows.
    await office.enter(page, '/settings/profile#notifications', seller);
    await untilControlled(page);
    await page.getByRole('button', { name: text('modules/settings', 'push.begin') }).click();
    await expect(page.getByText(text('modules/settings', 'push.here'), { exact: true })).toBeVisible();

    // The morning list.
    const soon = new Date(Date.now() + 3_000).toISOString();
    await make('task', { title: 'Подзвонити зранку', contact: client, responsible: seller.id, deadline: soon, reminder: 'at_time', notifies: false });
    await page.goto(`${office.url}/day`);
    await expect(page.getByRole('heading', { name: text('modules/work', 'my_day') })).toBeVisible();
    const call = page.getByRole('listitem', { name: 'Подзвонити зранку' });
    await expect(call).toContainText(`Гайова ${language}`);
    // The reminder comes while another page is looked at.
    const bell = page.getByRole('button', { name: new RegExp(text('app', 'notifications_new', { number: '\\d+' })) });
    await bell.click();
    await expect(page.getByRole('link').filter({ hasText: 'Подзвонити зранку' }).filter({ hasText: /\d/ }).last()).toBeVisible({ timeout: 30_000 });
    await page.keyboard.press('Escape');
    // It comes over another window, too, and leads to its task.
    const reminder = (): string | undefined => service.messages.find((message) => message.includes('Подзвонити зранку'));
    await expect.poll(reminder).toBeDefined();
    await page.goto('about:blank');
    await deliverPush(page, office.url, reminder() ?? '');
    await expect.poll(async () => (await shownBy(context)).map(({ body }) => body).join()).toContain('Подзвонити зранку');
    await page.goto(`${office.url}${(await shownBy(context))[0]?.url ?? ''}`);
    await expect(page.getByRole('heading', { level: 1, name: 'Подзвонити зранку' })).toBeVisible();

    // A call to the client, and a note of it.
    await page.goto(`${office.url}/records/contact/${client}`);
    await expect(page.locator('a[href^="tel:"]').first()).toBeVisible();
    const stream = page.getByRole('group', { name: text('records/timeline', 'title') });
    const note = page.getByRole('textbox', { name: text('records/timeline', 'write') });
    await note.fill('Просить знижку');
    await stream.getByLabel(fieldOf('comment', 'category')?.labels[language] ?? '', { exact: true }).first().selectOption(option('comment', 'category', 'call'));
    await note.press('ControlOrMeta+Enter');
    await expect(stream.getByRole('article').filter({ hasText: 'Просить знижку' })).toContainText(option('comment', 'category', 'call'));

    // A new task from the card.
    const entry = page.getByLabel(text('records', 'referring.new', { kind: label('task').toLocaleLowerCase() }));
    await entry.fill('Надіслати кошторис');
    await entry.press('Enter');
    await expect(entry).toHaveValue('');
    await expect(page.getByRole('checkbox', { name: text('records', 'done.tick', { name: 'Надіслати кошторис' }) }).first()).toBeVisible();

    // A deal goes on, another is lost with a reason.
    await page.goto(`${office.url}/records/deal?section=my_deals&look=board&by=stage`);
    const column = (stage: string): Locator => page.getByRole('region', { name: option('deal', 'stage', stage), exact: true });
    const cardIn = (stage: string, title: string): Locator => column(stage).getByRole('listitem', { name: title, exact: true });
    // Both in sight, as for a person who drags.
    await column('qualified').scrollIntoViewIfNeeded();
    await drag(cardIn('needs', 'Дах складу'), column('qualified'));
    await expect(cardIn('qualified', 'Дах складу')).toBeVisible();
    await expect.poll(() => valueOf(`/records/deal/${warm}`, 'stage')).toBe('qualified');
    const asked = page.getByRole('dialog', { name: text('records/board', 'asks_title', { column: option('deal', 'stage', 'lost') }) });
    await column('lost').scrollIntoViewIfNeeded();
    await drag(cardIn('proposal', 'Паркан'), column('lost'));
    await asked.getByLabel(fieldOf('deal', 'lost_reason')?.labels[language] ?? '').selectOption(option('deal', 'lost_reason', 'price'));
    await asked.getByRole('button', { name: text('records/board', 'move') }).click();
    await expect.poll(() => valueOf(`/records/deal/${cold}`, 'lost_reason')).toBe('price');

    // A meeting by drag in the calendar.
    const day = '2027-02-03';
    await page.goto(`${office.url}/calendar?view=week&day=${day}`);
    const hours = page.locator(`[data-column^="${day}"]`);
    await expect(hours).toBeVisible();
    const box = await hours.boundingBox();
    if (box === null) throw new Error('no column');
    const pointAt = (hour: number): { x: number; y: number } => ({ x: box.x + box.width / 2, y: box.y + (box.height * hour) / 24 });
    await pull(page, pointAt(10), pointAt(11));
    const form = page.getByRole('dialog', { name: text('modules/calendar', 'new') });
    await form.getByLabel(text('modules/calendar', 'name')).fill('Зустріч на об’єкті');
    await form.getByLabel(text('modules/calendar', 'name')).press('Enter');
    await expect(page.locator('[data-entry]').filter({ hasText: 'Зустріч на об’єкті' })).toBeVisible();

    // The evening: what was to be done in the morning is ticked.
    await page.goto(`${office.url}/day`);
    await call.getByRole('checkbox').click();
    await expect(call.getByRole('checkbox')).toBeChecked();
    service.stop();
  });
}
