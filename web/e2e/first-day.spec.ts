/** The first day of a newcomer: from the link that the program prints to an import that he has taken back. */
import type { Page } from '@playwright/test';
import { clientsFile, REPEATED_PHONE_ROW, ROW_COUNT, WRONG_EMAIL_ROW, WRONG_PHONE_ROW } from './support/clients-file';
import { Server } from './support/server';
import { toast } from './support/screens';
import { writeWindows1251Csv, writeXlsx } from './support/spreadsheet';
import { expect, test } from './support/test';

const PASSWORD = 'Подільська-17-вечір';
const SCREENS = [
  { name: 'at a desk', viewport: { width: 1440, height: 900 }, isPhone: false, file: { name: 'клиенты.xlsx', write: writeXlsx } },
  { name: 'on a phone', viewport: { width: 390, height: 844 }, isPhone: true, file: { name: 'клиенты.csv', write: writeWindows1251Csv } },
] as const;

/** On a phone the parts of a card are tabs, at a desk they stand side by side. */
async function openPart(page: Page, isPhone: boolean, name: string): Promise<void> {
  if (isPhone) await page.getByRole('tab', { name }).click();
}

for (const { name, viewport, isPhone, file } of SCREENS) {
  test.describe(name, () => {
    test.use({ viewport, hasTouch: isPhone });

    let server: Server;
    test.beforeAll(async () => {
      server = await Server.start();
    });
    test.afterAll(() => server.stop());

    test('a newcomer sets up, imports, finds, edits, looks back and undoes', async ({ page }) => {
      test.setTimeout(240_000);
      const clients = clientsFile();

      await test.step('sets the program up', async () => {
        await page.goto(server.setupUrl ?? '');
        await page.getByLabel('Название компании').fill('Карпати Буд');
        await page.getByLabel('Страна').selectOption('UA');
        await page.getByLabel('Ваше имя').fill('Олена Ковальчук');
        await page.getByLabel('Логин').fill('olena');
        await page.getByLabel('Пароль').fill(PASSWORD);
        await page.getByRole('button', { name: 'Начать работу' }).click();
      });

      await test.step('meets an empty list that offers the first step', async () => {
        await expect(page.getByText('Клиенты: пока пусто')).toBeVisible();
        await expect(page.getByRole('main').getByRole('link', { name: 'Создать' })).toBeVisible();
        await page.getByRole('main').getByRole('link', { name: 'Загрузить из файла' }).click();
      });

      await test.step('brings a file and sees its columns recognised', async () => {
        await page.getByLabel('Выбрать файл').setInputFiles({ name: file.name, mimeType: '', buffer: file.write(clients.rows) });
        await expect(page.getByRole('heading', { name: file.name })).toBeVisible();
        const table = page.getByRole('table', { name: 'Колонки файла' });
        await expect(table.getByLabel('Поле для колонки «Фамилия»')).toHaveValue('Фамилия');
        await expect(table.getByLabel('Поле для колонки «Мобильный телефон»')).toHaveValue('Телефон: мобильный');
        await expect(table.getByLabel('Поле для колонки «Компания»')).toHaveValue(/Компания/);
        await expect(page.getByText('Не загружается')).toHaveCount(0);
      });

      await test.step('reads what the check found', async () => {
        await page.getByRole('button', { name: 'Проверить файл' }).click();
        await expect(page.getByText('Прочитано строк')).toBeVisible({ timeout: 60_000 });
        await page.getByRole('tab', { name: 'Ошибки' }).click();
        const errors = page.getByRole('table', { name: 'Ошибки' });
        await expect(errors.getByRole('row').filter({ hasText: `№ ${WRONG_PHONE_ROW}` })).toContainText('не похоже на телефон');
        await expect(errors.getByRole('row').filter({ hasText: `№ ${WRONG_EMAIL_ROW}` })).toContainText('не похоже на адрес почты');
        await page.getByRole('tab', { name: 'Нужно решение' }).click();
        await expect(page.getByRole('table', { name: 'Нужно решение' })).toContainText(`№ ${REPEATED_PHONE_ROW}`);
      });

      await test.step('loads it, and the report adds up', async () => {
        await page.getByRole('button', { name: 'Загрузить', exact: true }).click();
        await expect(page.getByText('Файл загружен.')).toBeVisible({ timeout: 60_000 });
        const report = page.getByRole('table', { name: 'Итог импорта' });
        const numbers = await report
          .getByRole('row')
          .evaluateAll((rows) => rows.map((row) => Number((row.querySelector('td')?.textContent ?? '').replaceAll(/\D/g, ''))));
        const [created = 0, updated = 0, unchanged = 0, skipped = 0, failed = 0, read = 0] = numbers;
        expect(read).toBe(ROW_COUNT);
        expect(created + updated + unchanged + skipped + failed).toBe(read);
        expect({ created, skipped, failed }).toEqual({ created: ROW_COUNT - 3, skipped: 1, failed: 2 });
        await expect(report).toContainText('Попутно создано компаний');
        await page.getByRole('button', { name: 'Показать загруженные' }).click();
        await expect(page.getByRole('grid')).toBeVisible();
        await expect(page.getByRole('search', { name: 'Условия списка' }).getByRole('button', { name: /^Загружено: .*\.(xlsx|csv)/ })).toBeVisible();
      });

      await test.step('finds a person by part of a phone number', async () => {
        await page.getByRole('searchbox', { name: 'Найти в списке' }).fill(clients.sought.phonePart);
        const rows = page.getByRole('grid').getByRole('row').filter({ hasText: clients.sought.title });
        await expect(rows).toHaveCount(1);
        await expect(page.getByRole('grid').getByRole('row')).toHaveCount(2);
        await rows.getByRole('link', { name: clients.sought.title }).click();
        await page.getByRole('link', { name: 'Открыть на всю страницу' }).click();
        await expect(page.getByRole('heading', { level: 1, name: clients.sought.title })).toBeVisible();
        await expect(page.getByText(clients.sought.phone)).toBeVisible();
      });

      await test.step('edits a field in its place', async () => {
        await page.getByRole('button', { name: 'Изменить: Должность' }).click();
        const input = page.getByRole('main').getByRole('textbox', { name: 'Должность' });
        await input.fill('коммерческий директор');
        await input.press('Enter');
        await expect(toast(page, 'Сохранено: Должность')).toBeVisible();
      });

      await test.step('sees old and new in the history and undoes it', async () => {
        await openPart(page, isPhone, 'История');
        const entry = page.getByRole('article').filter({ hasText: 'Изменение' });
        await expect(entry).toContainText('Должность');
        await expect(entry).toContainText('→');
        await expect(entry).toContainText('коммерческий директор');
        await entry.getByRole('button', { name: 'Отменить', exact: true }).click();
        await expect(page.getByRole('article').filter({ hasText: 'Отмена операции' })).toBeVisible();
        await expect(entry.filter({ hasText: 'отменено' })).toBeVisible();
        await openPart(page, isPhone, 'О контакте');
        await expect(page.getByRole('main').getByText('директор', { exact: true }).or(page.getByRole('main').getByText('бухгалтер', { exact: true })).first()).toBeVisible();
      });

      await test.step('takes the whole import back', async () => {
        await page.goto(`${server.url}/import`);
        await page.getByRole('link', { name: file.name }).click();
        await page.getByRole('button', { name: 'Отменить импорт' }).click();
        await page.getByRole('dialog').getByRole('button', { name: /^Отменить: / }).click();
        await expect(page.getByText('Импорт отменён: созданное удалено в корзину')).toBeVisible({ timeout: 60_000 });
        await page.goto(server.url);
        await expect(page.getByText('Клиенты: пока пусто')).toBeVisible();
      });
    });
  });
}
