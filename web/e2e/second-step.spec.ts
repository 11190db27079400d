/** The second step of login: set up with the app, asked for, lost and reset, required of everybody. */
import { readFile } from 'node:fs/promises';
import type { Page } from '@playwright/test';
import { codeOf } from './support/authenticator';
import { expectAccessible } from './support/accessible';
import { Office, type Person } from './support/office';
import { toast } from './support/screens';
import { expect, test } from './support/test';

const office = Office.forThisFile();

async function typePassword(page: Page, person: Person): Promise<void> {
  await page.goto(`${office.url}/login`);
  await page.getByRole('textbox', { name: 'Логин' }).fill(person.login);
  await page.getByRole('textbox', { name: 'Пароль' }).fill(person.password);
  await page.getByRole('button', { name: 'Войти', exact: true }).click();
}

/** Sets the app up in the profile; answers its key and the recovery codes. */
async function setUp(page: Page): Promise<{ key: string; codes: string[] }> {
  const section = page.getByRole('region', { name: 'Второй шаг входа' });
  await section.getByRole('button', { name: 'Настроить' }).click();
  const dialog = page.getByRole('dialog', { name: 'Коды из приложения' });
  await expect(dialog.getByRole('img', { name: 'QR-код с ключом' })).toBeVisible();
  const key = (await dialog.getByRole('group', { name: 'Ключ' }).textContent()) ?? '';
  await dialog.getByRole('textbox', { name: 'Код из приложения' }).fill('000000');
  await dialog.getByRole('button', { name: 'Включить' }).click();
  await expect(dialog.getByText('Код неверный или уже использован')).toBeVisible();
  await dialog.getByRole('textbox', { name: 'Код из приложения' }).fill(codeOf(key));
  await dialog.getByRole('button', { name: 'Включить' }).click();
  return { key, codes: await keepCodes(page) };
}

async function keepCodes(page: Page): Promise<string[]> {
  const items = page.getByRole('list', { name: 'Резервные коды' }).getByRole('listitem');
  await expect(items).toHaveCount(10);
  const codes = await items.allTextContents();
  const download = page.waitForEvent('download');
  await page.getByRole('button', { name: 'Скачать' }).click();
  const file = await readFile(await (await download).path(), 'utf8');
  expect(file).toContain(codes.join('\r\n'));
  await page.getByRole('button', { name: 'Коды сохранены' }).click();
  return codes;
}

test('an app is set up, asked for at the login, and a recovery code stands in for it once', async ({ page, browser }) => {
  const person = await office.createUser('employee', 'Марія Гайда', 'maria');
  await office.enter(page, '/settings/profile', person);
  const { key, codes } = await setUp(page);
  await expect(toast(page, 'Второй шаг включён')).toBeVisible();
  await expect(page.getByRole('region', { name: 'Второй шаг входа' })).toContainText('Осталось 10 кодов');
  await expectAccessible(page, 'the profile with a second step');

  const other = await (await browser.newContext({ locale: 'ru-RU' })).newPage();
  await typePassword(other, person);
  await expect(other.getByRole('heading', { name: 'Второй шаг' })).toBeVisible();
  await expectAccessible(other, 'the second step of the login');
  await other.getByRole('textbox', { name: 'Код' }).fill('000000');
  await other.getByRole('button', { name: 'Войти', exact: true }).click();
  await expect(other.getByText('Код неверный или уже использован')).toBeVisible();
  await other.getByRole('textbox', { name: 'Код' }).fill(codeOf(key, 1));
  await other.getByRole('button', { name: 'Войти', exact: true }).click();
  await expect(other.getByRole('navigation').first()).toBeVisible();

  for (const isUsed of [false, true]) {
    await other.context().clearCookies();
    await typePassword(other, person);
    await other.getByRole('button', { name: 'Нет телефона? Введите резервный код' }).click();
    await other.getByRole('textbox', { name: 'Резервный код' }).fill(codes[0] ?? '');
    await other.getByRole('button', { name: 'Войти', exact: true }).click();
    if (isUsed) await expect(other.getByText('Код неверный или уже использован')).toBeVisible();
    else await expect(other.getByRole('navigation').first()).toBeVisible();
  }
  await other.context().close();
});

test('codes are switched off by the password and a code, and recovery codes are made anew', async ({ page }) => {
  const person = await office.createUser('employee', 'Ігор Лис', 'igor');
  await office.enter(page, '/settings/profile', person);
  const { codes } = await setUp(page);
  const section = page.getByRole('region', { name: 'Второй шаг входа' });
  await section.getByRole('button', { name: 'Создать новые' }).click();
  await page.getByRole('button', { name: 'Создать новые коды' }).click();
  const renewed = await keepCodes(page);
  expect(renewed).not.toContain(codes[0]);

  await section.getByRole('button', { name: 'Отключить' }).click();
  const dialog = page.getByRole('dialog', { name: 'Отключить коды?' });
  await dialog.getByRole('textbox', { name: 'Пароль' }).fill(person.password);
  await dialog.getByRole('textbox', { name: 'Код' }).fill(codes[1] ?? '');
  await dialog.getByRole('button', { name: 'Отключить коды' }).click();
  await expect(dialog.getByText('Код неверный или уже использован')).toBeVisible();
  await dialog.getByRole('textbox', { name: 'Код' }).fill(renewed[1] ?? '');
  await dialog.getByRole('button', { name: 'Отключить коды' }).click();
  await expect(toast(page, 'Коды отключены')).toBeVisible();
  await expect(section.getByRole('button', { name: 'Настроить' })).toBeVisible();
});

test('a login of long ago gives the password again before it changes', async ({ page }) => {
  const person = await office.createUser('employee', 'Петро Сом', 'petro');
  await office.enter(page, '/settings/profile', person);
  // The server asks by its own clock; here it is told to ask once.
  let asked = 0;
  await page.route('**/api/v1/session/second-step/codes', async (route) => {
    if (asked++ > 0) return route.continue();
    await route.fulfill({ status: 403, contentType: 'application/problem+json', json: { status: 403, code: 'confirmation_required' } });
  });
  await page.getByRole('region', { name: 'Второй шаг входа' }).getByRole('button', { name: 'Настроить' }).click();
  const question = page.getByRole('dialog', { name: 'Подтвердите паролем' });
  await question.getByRole('textbox', { name: 'Пароль' }).fill('не тот пароль');
  await question.getByRole('button', { name: 'Продолжить' }).click();
  await expect(question.getByRole('alert')).toBeVisible();
  await question.getByRole('textbox', { name: 'Пароль' }).fill(person.password);
  await question.getByRole('button', { name: 'Продолжить' }).click();
  await expect(page.getByRole('img', { name: 'QR-код с ключом' })).toBeVisible();
});

test('whoever has a second step gives it with the password before new recovery codes are made', async ({ page }) => {
  const person = await office.createUser('employee', 'Софія Рись', 'sofia');
  await office.enter(page, '/settings/profile', person);
  const { codes } = await setUp(page);
  let asked = 0;
  await page.route('**/api/v1/session/second-step/recovery-codes', async (route) => {
    if (asked++ > 0) return route.continue();
    await route.fulfill({ status: 403, contentType: 'application/problem+json', json: { status: 403, code: 'confirmation_required' } });
  });
  await page.getByRole('region', { name: 'Второй шаг входа' }).getByRole('button', { name: 'Создать новые' }).click();
  await page.getByRole('button', { name: 'Создать новые коды' }).click();
  const question = page.getByRole('dialog', { name: 'Подтвердите паролем' });
  await question.getByRole('textbox', { name: 'Пароль' }).fill(person.password);
  await question.getByRole('button', { name: 'Продолжить' }).click();
  const step = page.getByRole('dialog', { name: 'Второй шаг' });
  await expect(step.getByRole('textbox', { name: 'Код' })).toBeFocused();
  await expectAccessible(page, 'the second step of giving the password again');
  await step.getByRole('textbox', { name: 'Код' }).fill('000000');
  await step.getByRole('button', { name: 'Продолжить' }).click();
  await expect(step.getByText('Код неверный или уже использован')).toBeVisible();
  await step.getByRole('textbox', { name: 'Код' }).fill(codes[0] ?? '');
  await step.getByRole('button', { name: 'Продолжить' }).click();
  expect(await keepCodes(page)).not.toContain(codes[1]);
});

test('an administrator sees and ends sessions, and resets a second step with a reason', async ({ page, browser }) => {
  const person = await office.createUser('employee', 'Оксана Вовк', 'oksana');
  const theirs = await (await browser.newContext({ locale: 'ru-RU' })).newPage();
  await office.enter(theirs, '/settings/profile', person);
  await setUp(theirs);

  await office.enter(page, '/settings/users');
  const menu = page.getByRole('button', { name: 'Оксана Вовк: действия' });
  await menu.click();
  await page.getByRole('menuitem', { name: 'Сеансы…' }).click();
  const dialog = page.getByRole('dialog', { name: 'Сеансы: Оксана Вовк' });
  await expect(dialog.getByRole('listitem')).toHaveCount(1);
  await dialog.getByRole('button', { name: 'Завершить все' }).click();
  await expect(dialog.getByText('Нигде не выполнен вход')).toBeVisible();
  await dialog.getByRole('button', { name: 'Закрыть' }).last().click();
  await expect(theirs.getByRole('heading', { name: 'Вход' })).toBeVisible();

  await menu.click();
  await page.getByRole('menuitem', { name: 'Сбросить второй шаг…' }).click();
  const reset = page.getByRole('dialog', { name: 'Сбросить второй шаг: Оксана Вовк' });
  await reset.getByRole('textbox', { name: 'Причина' }).fill('Потеряла телефон');
  await reset.getByRole('button', { name: 'Сбросить второй шаг' }).click();
  await expect(toast(page, 'Второй шаг сброшен: Оксана Вовк')).toBeVisible();
  await typePassword(theirs, person);
  await expect(theirs.getByRole('navigation').first()).toBeVisible();
  await theirs.context().close();
});

test('where it is required, it is set up before anything else opens', async ({ page, browser }) => {
  const person = await office.createUser('employee', 'Юрій Кіт', 'yurii');
  await office.enter(page, '/settings/sign-in');
  await expect(page.getByText('Вас это тоже касается')).toBeVisible();
  await page.getByRole('checkbox', { name: 'Второй шаг обязателен для всех' }).click();
  // The administrator has none, so the page leads him there at once.
  await expect(page.getByRole('heading', { name: 'Защитите вход' })).toBeVisible();

  const theirs = await (await browser.newContext({ locale: 'ru-RU' })).newPage();
  await typePassword(theirs, person);
  await expect(theirs.getByRole('heading', { name: 'Защитите вход' })).toBeVisible();
  await theirs.goto(`${office.url}/records/contact`);
  await expect(theirs.getByRole('heading', { name: 'Защитите вход' })).toBeVisible();
  await expectAccessible(theirs, 'setting up what is required');
  const key = (await theirs.getByRole('group', { name: 'Ключ' }).textContent()) ?? '';
  await theirs.getByRole('textbox', { name: 'Код из приложения' }).fill(codeOf(key));
  await theirs.getByRole('button', { name: 'Включить' }).click();
  await keepCodes(theirs);
  await expect(theirs.getByRole('navigation').first()).toBeVisible();
  await theirs.goto(`${office.url}/settings/profile`);
  await expect(theirs.getByRole('region', { name: 'Второй шаг входа' }).getByRole('button', { name: 'Отключить' })).toBeDisabled();
  await theirs.context().close();
});
