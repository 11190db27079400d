/** Passkeys with a virtual authenticator: made in the profile, a login without a password, the second step behind one, removed. */
import type { BrowserContext, CDPSession, Page } from '@playwright/test';
import { expectAccessible } from './support/accessible';
import { Office, type Person } from './support/office';
import { toast } from './support/screens';
import { expect, test } from './support/test';

const office = Office.forThisFile();

/** Browsers make no keys for bare numbers. */
function address(): string {
  return office.url.replace('127.0.0.1', 'localhost');
}

/** A device with a fingerprint reader, whose owner holds his finger on it. */
async function plugIn(page: Page): Promise<{ device: CDPSession; authenticatorId: string }> {
  const device = await page.context().newCDPSession(page);
  await device.send('WebAuthn.enable');
  const { authenticatorId } = await device.send('WebAuthn.addVirtualAuthenticator', {
    options: {
      protocol: 'ctap2',
      transport: 'internal',
      hasResidentKey: true,
      hasUserVerification: true,
      isUserVerified: true,
      automaticPresenceSimulation: true,
    },
  });
  return { device, authenticatorId };
}

async function enter(page: Page, path: string, person: Person): Promise<void> {
  const answer = await page.request.post(`${address()}/api/v1/session`, { data: { login: person.login, password: person.password } });
  expect(answer.ok(), await answer.text()).toBe(true);
  await page.goto(address() + path);
}

async function leave(context: BrowserContext, page: Page): Promise<void> {
  await context.clearCookies();
  await page.goto(`${address()}/login`);
}

test('the administrator names the address, and a passkey takes the place of the password', async ({ page, context }) => {
  const person = await office.createUser('employee', 'Марія Гайда', 'maria');
  await enter(page, '/settings/profile', person);
  const section = page.getByRole('region', { name: 'Второй шаг входа' });
  await expect(section.getByText('Сначала администратор укажет адрес программы')).toBeVisible();
  await expect(section.getByRole('button', { name: 'Добавить' })).toBeDisabled();

  await office.enter(page, '/settings/sign-in');
  await page.goto(`${office.url}/settings/sign-in`);
  const field = page.getByRole('textbox', { name: 'Адрес программы' });
  await field.fill(`${address()}/path`);
  const save = page.getByRole('region', { name: 'Что требуется от всех' }).getByRole('button', { name: 'Сохранить' });
  await save.click();
  await expect(page.getByText('Нужен адрес без пути')).toBeVisible();
  await field.fill(address());
  await save.click();
  await expect(toast(page, 'Адрес сохранён')).toBeVisible();

  await context.clearCookies();
  await enter(page, '/settings/profile', person);
  const { device, authenticatorId } = await plugIn(page);
  await section.getByRole('button', { name: 'Добавить' }).click();
  const dialog = page.getByRole('dialog', { name: 'Новый ключ входа' });
  await dialog.getByRole('textbox', { name: 'Название' }).fill('Ноутбук');
  await dialog.getByRole('button', { name: 'Создать ключ' }).click();
  await expect(page.getByRole('list', { name: 'Резервные коды' }).getByRole('listitem')).toHaveCount(10);
  const recovery = (await page.getByRole('list', { name: 'Резервные коды' }).getByRole('listitem').first().textContent()) ?? '';
  await page.getByRole('button', { name: 'Коды сохранены' }).click();
  await expect(section.getByText('ещё не использовался')).toBeVisible();
  const { credentials } = await device.send('WebAuthn.getCredentials', { authenticatorId });
  expect(credentials.map(({ isResidentCredential, rpId }) => [isResidentCredential, rpId])).toEqual([[true, 'localhost']]);
  await expectAccessible(page, 'the profile with a passkey');

  await leave(context, page);
  await page.getByRole('button', { name: 'Войти с ключом' }).click();
  await expect(page.getByRole('navigation').first()).toBeVisible();
  await page.goto(`${address()}/settings/profile`);
  await expect(section.getByText('последний вход')).toBeVisible();

  // With the password, the key is the second step.
  await leave(context, page);
  await page.getByRole('textbox', { name: 'Логин' }).fill(person.login);
  await page.getByRole('textbox', { name: 'Пароль' }).fill(person.password);
  await page.getByRole('button', { name: 'Войти', exact: true }).click();
  await expect(page.getByRole('heading', { name: 'Второй шаг' })).toBeVisible();
  await expect(page.getByRole('textbox', { name: 'Резервный код' })).toBeVisible();
  await page.getByRole('button', { name: 'Войти с ключом' }).click();
  await expect(page.getByRole('navigation').first()).toBeVisible();

  // A finger that is not his opens nothing.
  await leave(context, page);
  await device.send('WebAuthn.setUserVerified', { authenticatorId, isUserVerified: false });
  await page.getByRole('button', { name: 'Войти с ключом' }).click();
  await expect(page.getByText('Браузер не дал ключ')).toBeVisible();
  await device.send('WebAuthn.setUserVerified', { authenticatorId, isUserVerified: true });
  await page.getByRole('button', { name: 'Войти с ключом' }).click();
  await expect(page.getByRole('navigation').first()).toBeVisible();

  await page.goto(`${address()}/settings/profile`);
  await section.getByRole('button', { name: 'Удалить: Ноутбук' }).click();
  const removal = page.getByRole('dialog', { name: 'Удалить ключ «Ноутбук»?' });
  await removal.getByRole('textbox', { name: 'Пароль' }).fill(person.password);
  await removal.getByRole('textbox', { name: 'Резервный код' }).fill(recovery);
  await removal.getByRole('button', { name: 'Удалить ключ' }).click();
  await expect(toast(page, 'Ключ удалён: Ноутбук')).toBeVisible();

  // The device still has it; the server does not know it any more.
  await leave(context, page);
  await page.getByRole('button', { name: 'Войти с ключом' }).click();
  await expect(page.getByText('Этот ключ не подошёл')).toBeVisible();
});
