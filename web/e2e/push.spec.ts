/** Notifications over all windows: how they are switched on, what comes, and where it leads. The push service is a stand-in that opens the messages. */
import { expectAccessible } from './support/accessible';
import { Office } from './support/office';
import { PushService } from './support/push-service';
import { expect, test } from './support/test';
import { deliverPush, sendPagesTo, shownBy, untilControlled } from './support/worker';

test.use({ serviceWorkers: 'allow' });

const office = Office.forThisFile();
let service: PushService;

test.beforeAll(async () => {
  service = await PushService.start();
  await office.patch('/installation', { push_services: ['127.0.0.1'] });
});
test.afterAll(() => service.stop());

test('a browser is switched on by hand, is told of a card, and a click leads there', async ({ page, context }) => {
  await context.grantPermissions(['notifications'], { origin: office.url });
  await service.standInFor(page);
  const reader = await office.createUser('employee', 'Марта Вовк', 'marta');
  await office.enter(page, '/settings/profile#notifications', reader);
  await untilControlled(page);
  await expect(page.getByRole('checkbox', { name: 'Мне открыли карточку для чтения: В браузере' })).toBeChecked();
  await page.getByRole('button', { name: 'Включить в этом браузере' }).click();
  await expect(page.getByText('Этот браузер теперь показывает уведомления')).toBeVisible();
  await expect(page.getByText('Этот браузер', { exact: true })).toBeVisible();
  await expectAccessible(page, 'browsers that are told');

  // The trial is shown also over the page that asked for it.
  await page.getByRole('button', { name: /^Проверить:/ }).click();
  await expect.poll(() => service.messages.length).toBe(1);
  const shown = () => shownBy(context);
  await deliverPush(page, office.url, service.messages[0] ?? '');
  await expect.poll(shown).toEqual([{ title: 'Уведомления приходят в этот браузер', body: 'Карпати Буд', tag: 'notification-0', url: '/settings/profile' }]);

  const card = await office.createPerson('Потаємний', { readers: [reader.id] });
  await expect.poll(() => service.messages.length, { timeout: 30_000 }).toBe(2);
  const message = service.messages[1] ?? '';
  // A page that is looked at has its bell.
  await deliverPush(page, office.url, message);
  await expect(page.getByRole('button', { name: 'Уведомления, новых: 1' })).toBeVisible();
  expect(await shown()).toHaveLength(1);
  // Nobody looks: it comes over all windows, and what comes twice is shown once.
  await page.goto('about:blank');
  await deliverPush(page, office.url, message);
  await deliverPush(page, office.url, message);
  await expect.poll(shown).toHaveLength(2);
  const [told] = (await shown()).filter(({ tag }) => tag !== 'notification-0');
  expect(told).toMatchObject({ body: 'Потаємний', url: `/records/contact/${card.id}` });
  expect(told?.title).toContain('открывает вам для чтения карточку');

  // The worker sends an open page where the notification leads; nothing is loaded anew.
  await page.goto(`${office.url}/records/contact?section=clients`);
  await untilControlled(page);
  await page.evaluate(() => Object.assign(window, { isSame: true }));
  await sendPagesTo(context, told?.url ?? '');
  await expect(page.getByRole('heading', { name: 'Потаємний' })).toBeVisible();
  expect(await page.evaluate(() => 'isSame' in window)).toBe(true);

  // A logout ends it, here and on the server.
  await page.getByTitle('Марта Вовк: профиль и выход').click();
  await page.getByRole('menuitem', { name: 'Выйти' }).click();
  await expect(page.getByRole('button', { name: 'Войти', exact: true })).toBeVisible();
  await office.createPerson('Другий', { readers: [reader.id] });
  await page.goto('about:blank');
  await deliverPush(page, office.url, JSON.stringify({ ...(JSON.parse(message) as object), id: 99 }));
  await expect.poll(async () => (await shown()).some(({ tag }) => tag === 'notification-99')).toBe(false);
  expect(service.messages).toHaveLength(2);
});

test('a browser that was told no says what to do', async ({ page }) => {
  await page.addInitScript(() => Object.defineProperty(Notification, 'permission', { get: () => 'denied' }));
  const reader = await office.createUser('employee', 'Ганна Ясен', 'hanna');
  await office.enter(page, '/settings/profile#notifications', reader);
  await expect(page.getByText('Браузер запрещает этой странице уведомлять вас.')).toBeVisible();
  await expect(page.getByRole('button', { name: 'Включить в этом браузере' })).toHaveCount(0);
});

test('an administrator says which services are told, and that of a browser he has not named is refused', async ({ page, context }) => {
  await context.grantPermissions(['notifications'], { origin: office.url });
  await service.standInFor(page);
  await office.enter(page, '/settings/company');
  const hosts = page.getByRole('textbox', { name: 'Службы уведомлений браузеров' });
  await expect(hosts).toHaveValue('127.0.0.1');
  await hosts.fill('https://fcm.googleapis.com');
  await page.getByRole('region', { name: 'Браузеры и телефоны' }).getByRole('button', { name: 'Сохранить' }).click();
  await expect(hosts).toHaveAttribute('aria-invalid', 'true');
  await hosts.fill('fcm.googleapis.com');
  await page.getByRole('region', { name: 'Браузеры и телефоны' }).getByRole('button', { name: 'Сохранить' }).click();
  await expect(page.getByText('Сохранено для всех').first()).toBeVisible();
  await expectAccessible(page, 'browsers and phones');
  await page.goto(`${office.url}/settings/profile#notifications`);
  await untilControlled(page);
  await page.getByRole('button', { name: 'Включить в этом браузере' }).click();
  await expect(page.getByText('Уведомления этого браузера идут через службу, которую администратор не разрешил.')).toBeVisible();
});
