/** Personal data: a purpose with its words, a consent on the card, everything about one person, and erasing him for good. */
import { expectAccessible } from './support/accessible';
import { Office, phone } from './support/office';
import { card, field, toast } from './support/screens';
import { expect, test } from './support/test';

const office = Office.forThisFile();

test('from a consent to the act of destruction', async ({ page }) => {
  const person = await office.createPerson('Забудько', { first_name: 'Марія', remark: 'Просила передзвонити', channels: [phone('067 440 12 99')] });
  await office.enter(page, '/settings/personal-data');
  await page.getByRole('button', { name: 'Новая цель' }).click();
  const purpose = page.getByRole('dialog', { name: 'Новая цель обработки' });
  await field(purpose, 'Название').fill('Рассылка новостей');
  await field(purpose, 'Текст согласия').fill('Я согласен получать новости компании по электронной почте и телефону. Согласие можно отозвать в любой момент.');
  await field(purpose, 'Действует, месяцев').fill('12');
  await purpose.getByRole('button', { name: 'Сохранить' }).click();
  await expect(page.getByRole('row', { name: /Рассылка новостей/ })).toContainText('используется');
  await expectAccessible(page, 'purposes of processing');

  await page.goto(`${office.url}/records/contact/${person.id}`);
  const block = card.related(page);
  await block.getByRole('button', { name: 'Записать согласие: Рассылка новостей' }).click();
  const consent = page.getByRole('dialog', { name: 'Согласие: Рассылка новостей' });
  await expect(consent).toContainText('Я согласен получать новости');
  await field(consent, 'Форма или документ').fill('Анкета № 14');
  await consent.getByRole('button', { name: 'Записать согласие' }).click();
  await expect(block).toContainText('действует');
  await block.getByRole('button', { name: 'Отозвать согласие: Рассылка новостей' }).click();
  await page.getByRole('dialog', { name: /Отзыв согласия/ }).getByRole('button', { name: 'Записать отзыв' }).click();
  await expect(block).toContainText('отозвано');
  await block.getByRole('button', { name: 'История согласий' }).click();
  const history = page.getByRole('dialog', { name: /История согласий/ });
  await expect(history.getByRole('listitem')).toHaveCount(2);
  await expect(history).toContainText('Анкета № 14');
  await page.keyboard.press('Escape');

  await page.getByRole('button', { name: 'Действия с карточкой' }).click();
  await page.getByRole('menuitem', { name: 'Все сведения о человеке…' }).click();
  const everything = page.getByRole('dialog', { name: /Все сведения/ });
  await everything.getByRole('button', { name: 'Собрать архив' }).click();
  const download = page.waitForEvent('download');
  await everything.getByRole('link', { name: 'Скачать' }).click();
  expect((await download).suggestedFilename()).toContain(`contact-${person.id}`);
  await everything.getByRole('button', { name: 'Закрыть', exact: true }).last().click();

  await page.getByRole('button', { name: 'Действия с карточкой' }).click();
  await page.getByRole('menuitem', { name: 'Удалить персональные данные…' }).click();
  const erase = page.getByRole('dialog', { name: /Удалить персональные данные/ });
  await expect(erase).toContainText('телефоны и почта');
  await field(erase, 'Чтобы подтвердить, введите: Забудько Марія').fill('Забудько Марія');
  await expectAccessible(page, 'erasing a person');
  await erase.getByRole('button', { name: 'Удалить персональные данные' }).click();
  await expect(toast(page, 'Персональные данные удаляются')).toBeVisible();
  await expect(page.getByRole('heading', { name: `Данные удалены № ${person.id}` })).toBeVisible();
  await expect(page.getByText('Просила передзвонити')).toHaveCount(0);

  await page.goto(`${office.url}/settings/personal-data`);
  await page.getByRole('tab', { name: 'Акты об уничтожении' }).click();
  await expect(page.getByRole('row', { name: /Олена Ковальчук/ })).toContainText('Обращение человека');
  await page.getByRole('tab', { name: 'Карта данных' }).click();
  await expect(page.getByRole('table', { name: 'Служебные таблицы' })).toContainText('changes');
});
