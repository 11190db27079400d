/** Mail is set up, somebody is invited and comes in, somebody forgets his password. */
import { expectAccessible } from './support/accessible';
import { MailSink } from './support/mail-sink';
import { Office } from './support/office';
import { field, toast } from './support/screens';
import { expect, test } from './support/test';

const office = Office.forThisFile();
let sink: MailSink;

test.beforeAll(async () => {
  sink = await MailSink.start();
});
test.afterAll(() => sink.stop());
test.describe.configure({ mode: 'serial' });

function linkIn(text: string | undefined): string {
  return /https?:\/\/\S+/u.exec(text ?? '')?.[0] ?? '';
}

test('without mail the invitation is a link to hand over', async ({ page }) => {
  await office.enter(page, '/settings/users');
  await page.getByRole('button', { name: 'Пригласить', exact: true }).click();
  const dialog = page.getByRole('dialog', { name: 'Приглашение' });
  await field(dialog, 'Имя').fill('Петро Сорока');
  await field(dialog, 'Почта').fill('nobody@example.org');
  await dialog.getByRole('button', { name: 'Пригласить' }).click();
  const handed = page.getByRole('dialog', { name: 'Ссылка для входа: Петро Сорока' });
  await expect(field(handed, 'Ссылка')).toHaveValue(new RegExp(`^${office.url}/invitation#[\\w-]{43}$`, 'u'));
  await handed.getByRole('button', { name: 'Готово' }).click();
  await expect(page.getByRole('row').filter({ hasText: 'Петро Сорока' })).toContainText('приглашён');
});

test('an administrator sets mail up and tries it', async ({ page }) => {
  await office.enter(page, '/settings/mail');
  await page.getByRole('button', { name: `Взять ${office.url}` }).click();
  await expect(toast(page, 'Сохранено')).toBeVisible();
  await field(page, 'Сервер').fill('127.0.0.1');
  await page.getByRole('combobox', { name: 'Защита соединения' }).selectOption({ label: 'Без защиты' });
  await expect(field(page, 'Порт')).toHaveValue('25');
  await field(page, 'Порт').fill(String(sink.port));
  const server = page.getByRole('form', { name: 'Сервер исходящей почты (SMTP)' });
  await server.getByRole('button', { name: 'Сохранить' }).click();
  await expect(field(page, 'Адрес отправителя')).toBeFocused();
  await field(page, 'Адрес отправителя').fill('crm@example.org');
  await server.getByRole('button', { name: 'Сохранить' }).click();
  await field(page, 'Кому').fill('olena@example.org');
  await page.getByRole('button', { name: 'Отправить', exact: true }).click();
  await expect(page.getByText('Сервер принял письмо для olena@example.org')).toBeVisible();
  expect(sink.lastTo('olena@example.org')?.subject).toBe('Пробное письмо из картотеки: Карпати Буд');
  await field(page, 'Кому').fill('nobody@example.org');
  await page.getByRole('button', { name: 'Отправить', exact: true }).click();
  await expect(page.getByText('Сервер получателя отказал. Ответ: «550')).toBeVisible();
  await expectAccessible(page, 'mail');
});

test('somebody invited by mail comes in, and a letter that failed is seen', async ({ page, otherPage }) => {
  await office.enter(page, '/settings/users');
  await page.getByRole('button', { name: 'Пригласить', exact: true }).click();
  const dialog = page.getByRole('dialog', { name: 'Приглашение' });
  await field(dialog, 'Имя').fill('Ирина Гайда');
  await field(dialog, 'Почта').fill('ira@example.org');
  await dialog.getByRole('button', { name: 'Пригласить' }).click();
  await expect(toast(page, 'Приглашение отправлено: Ирина Гайда')).toBeVisible();
  await expect.poll(() => sink.lastTo('ira@example.org')?.text).toContain('7 дней');

  await otherPage.goto(linkIn(sink.lastTo('ira@example.org')?.text));
  await expect(otherPage.getByRole('heading', { name: 'Добро пожаловать: Карпати Буд' })).toBeVisible();
  // The secret is gone from the address.
  expect(new URL(otherPage.url()).hash).toBe('');
  await expect(field(otherPage, 'Логин')).toHaveValue('ira@example.org');
  await field(otherPage, 'Логин').fill('ira');
  await otherPage.getByLabel('Пароль').fill('Подільська-18-ранок');
  await expectAccessible(otherPage, 'invitation');
  await otherPage.getByRole('button', { name: 'Войти' }).click();
  await expect(otherPage.getByRole('navigation').first()).toBeVisible();
  await expect(page.getByRole('row').filter({ hasText: 'Ирина Гайда' })).not.toContainText('приглашён');

  const petro = page.getByRole('row').filter({ hasText: 'Петро Сорока' });
  await petro.getByRole('button', { name: 'Петро Сорока: действия' }).click();
  await page.getByRole('menuitem', { name: 'Отправить приглашение ещё раз' }).click();
  await page.goto(`${office.url}/settings/mail`);
  const failed = page.getByRole('row').filter({ hasText: 'nobody@example.org' });
  await expect(failed).toContainText('отказано', { timeout: 20_000 });
  await expect(failed).toContainText('550 5.1.1 No such user');
  await page.goto(`${office.url}/settings/users`);
  await expect(petro).toContainText('письмо не дошло');
  await petro.getByRole('button', { name: 'Петро Сорока: действия' }).click();
  await page.getByRole('menuitem', { name: 'Отозвать приглашение' }).click();
  await expect(petro).toContainText('приглашение истекло');
});

test('a forgotten password is replaced by mail', async ({ page }) => {
  await page.goto(`${office.url}/login`);
  await page.getByRole('link', { name: 'Забыли пароль?' }).click();
  await page.getByRole('textbox', { name: 'Логин или почта' }).fill('ira@example.org');
  const before = sink.letters.length;
  await page.getByRole('button', { name: 'Прислать ссылку' }).click();
  await expect(page.getByText('Если «ira@example.org» есть')).toBeVisible();
  await expect.poll(() => sink.letters.length).toBe(before + 1);
  const link = linkIn(sink.lastTo('ira@example.org')?.text);
  await page.goto(link);
  await expect(page.getByRole('textbox', { name: 'Логин' })).toHaveValue('ira');
  await page.getByLabel('Новый пароль').fill('12345678');
  await page.getByRole('button', { name: 'Сохранить пароль' }).click();
  await expect(page.getByLabel('Новый пароль')).toHaveAttribute('aria-invalid', 'true');
  await page.getByLabel('Новый пароль').fill('Подільська-19-вечір');
  await page.getByRole('button', { name: 'Сохранить пароль' }).click();
  await page.getByRole('link', { name: 'Перейти ко входу' }).click();
  await page.getByRole('textbox', { name: 'Логин' }).fill('ira');
  await page.getByLabel('Пароль').fill('Подільська-19-вечір');
  await page.getByRole('button', { name: 'Войти' }).click();
  await expect(page.getByRole('navigation').first()).toBeVisible();
  await page.goto('about:blank');
  await page.goto(link);
  await expect(page.getByRole('alert')).toContainText('Ссылка не действует');
});
