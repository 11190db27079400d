/** Tasks that come again, and their checklists. */
import type { Locator, Page } from '@playwright/test';
import { expectAccessible } from './support/accessible';
import { drag } from './support/drag';
import { Office, type StoredRecord } from './support/office';
import { card, field, toast } from './support/screens';
import { expect, test } from './support/test';

const office = Office.forThisFile();

async function createTask(values: Record<string, unknown>): Promise<number> {
  return (await office.post<{ record: StoredRecord }>('/records/task', { values })).record.id;
}

function items(page: Page): Locator {
  return card.related(page).getByRole('list', { name: 'Чек-лист' }).getByRole('listitem');
}

test('a rule is chosen in words, and closing the task makes the next', async ({ page }) => {
  await office.enter(page, '/records/task/new?section=my_tasks');
  await field(page, 'Название').fill('Отчёт за неделю');
  await page.getByRole('button', { name: 'Сегодня', exact: true }).click();
  await page.getByRole('combobox', { name: 'Повторять' }).selectOption({ label: 'По рабочим дням' });
  await expect(page.getByText('По рабочим дням', { exact: true }).last()).toBeVisible();
  await expectAccessible(page, 'a form with a rule');
  await page.getByRole('button', { name: 'Сохранить', exact: true }).click();
  await expect(page.getByRole('heading', { name: 'Отчёт за неделю' })).toBeVisible();
  await expect(page.getByRole('main')).toContainText('По рабочим дням');
  await page.getByRole('checkbox', { name: 'Выполнено: Отчёт за неделю' }).first().click();
  await expect(toast(page, 'Выполнено: Отчёт за неделю')).toBeVisible();
  await office.enter(page, '/day');
  await expect(page.getByRole('listitem', { name: 'Отчёт за неделю' })).toHaveCount(1);
  await expect(page.getByRole('region', { name: 'Сегодня' }).getByRole('listitem', { name: 'Отчёт за неделю' })).toHaveCount(0);
});

test('a weekly rule has its days, and its end', async ({ page }) => {
  const id = await createTask({ title: 'Планёрка', deadline: '2036-11-24T07:00:00Z', recurrence: 'FREQ=WEEKLY;BYDAY=MO' });
  await office.enter(page, `/records/task/${id}`);
  await card.edit(page, 'Повторять').click();
  await page.getByRole('button', { name: 'четверг' }).click();
  await page.getByLabel('Окончание').selectOption({ label: 'столько раз' });
  await page.getByRole('button', { name: 'Сохранить', exact: true }).click();
  await expect(page.getByRole('main')).toContainText('Каждую неделю: пн, чт, осталось 10 раз');
  // It is shown before it is written.
  await expect.poll(async () => (await office.get<StoredRecord>(`/records/task/${id}`)).values.recurrence).toBe('FREQ=WEEKLY;BYDAY=MO,TH;COUNT=10');
});

test('a checklist is written, ticked, moved and deleted with undo', async ({ page }) => {
  const id = await createTask({ title: 'Выставка' });
  await office.enter(page, `/records/task/${id}`);
  const entry = page.getByRole('textbox', { name: 'Добавить пункт' });
  await entry.fill('Стенд');
  await entry.press('Enter');
  await expect(items(page)).toHaveCount(1);
  await entry.focus();
  await page.evaluate(() => {
    const data = new DataTransfer();
    data.setData('text/plain', '- Визитки\n- Билеты\n\n- Договор');
    document.activeElement?.dispatchEvent(new ClipboardEvent('paste', { clipboardData: data, bubbles: true, cancelable: true }));
  });
  await expect(items(page)).toHaveCount(4);
  await page.getByRole('checkbox', { name: 'Выполнено: Визитки' }).click();
  await expect(card.related(page)).toContainText('1 из 4');
  await page.getByRole('textbox', { name: 'Пункт 4' }).press('Alt+ArrowUp');
  const titles = () => items(page).getByRole('textbox').evaluateAll((inputs) => inputs.map((input) => (input as HTMLInputElement).value));
  await expect.poll(titles).toEqual(['Стенд', 'Визитки', 'Договор', 'Билеты']);
  await expectAccessible(page, 'a checklist');
  await drag(items(page).nth(0).getByTitle('Перетащите или Alt ↑ ↓'), items(page).nth(3));
  await expect.poll(titles).toEqual(['Визитки', 'Договор', 'Билеты', 'Стенд']);
  await page.getByRole('button', { name: 'Удалить пункт «Билеты»' }).click();
  await expect(items(page)).toHaveCount(3);
  await toast(page, 'Пункт «Билеты» удалён').getByRole('button', { name: 'Отменить' }).click();
  await expect(items(page)).toHaveCount(4);
});

test('of a pasted checklist what was not written comes back as lines', async ({ page }) => {
  const id = await createTask({ title: 'Переезд' });
  await office.enter(page, `/records/task/${id}`);
  const entry = page.getByRole('textbox', { name: 'Добавить пункт' });
  let isLost = false;
  await page.route('**/api/v1/records/checklist_item', async (route) => {
    if (isLost || route.request().postData()?.includes('Коробки') !== true) return route.continue();
    isLost = true;
    // It arrives, and its answer does not.
    await route.fetch();
    return route.abort();
  });
  await entry.focus();
  await page.evaluate(() => {
    const data = new DataTransfer();
    data.setData('text/plain', '- Машина\n- Коробки\n- Ключи');
    document.activeElement?.dispatchEvent(new ClipboardEvent('paste', { clipboardData: data, bubbles: true, cancelable: true }));
  });
  await expect(entry).toHaveValue('Коробки\nКлючи');
  await entry.press('Enter');
  await expect(entry).toHaveValue('');
  const titles = () => items(page).getByRole('textbox').evaluateAll((inputs) => inputs.map((input) => (input as HTMLInputElement).value));
  await expect.poll(titles).toEqual(['Машина', 'Коробки', 'Ключи']);
  await page.getByRole('textbox', { name: 'Пункт 3' }).press('Alt+ArrowDown');
  await page.reload();
  await expect.poll(titles).toEqual(['Машина', 'Коробки', 'Ключи']);
});
