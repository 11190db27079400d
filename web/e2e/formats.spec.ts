/** Formats of dates, times and numbers: chosen in the profile, seen in lists and cards, and read when they are typed. */
import { expectAccessible } from './support/accessible';
import { Office } from './support/office';
import { card, field, list, toast } from './support/screens';
import { expect, test } from './support/test';

const office = Office.forThisFile();

async function addField(kind: string, label: string): Promise<string> {
  const { name } = await office.post<{ name: string }>('/catalog/contact/fields', { labels: { ru: label, uk: label, en: label }, kind, settings: kind === 'number' ? { decimals: 2 } : {} });
  return name;
}

test('a chosen format is seen in the list and on the card, and typed on both; the calendar begins its weeks as chosen', async ({ page }) => {
  const [born, paid] = [await addField('date', 'Договор'), await addField('number', 'Доля')];
  const person = await office.createPerson('Форматна', { [born]: '2026-03-04', [paid]: 1234.5 });
  await office.enter(page, '/settings/profile');
  const formats = page.getByRole('region', { name: 'Форматы' });
  await expect(formats.getByLabel('Даты')).toHaveValue('');
  await expect(formats.getByLabel('Даты').getByRole('option', { name: 'Как в компании: 22.11.2026' })).toBeAttached();
  for (const [label, value] of [['Даты', 'mm/dd/yyyy'], ['Время', '12h'], ['Первый день недели', 'sunday'], ['Числа', 'point_comma']] as const) {
    await formats.getByLabel(label).selectOption(value);
    await expect(toast(page, 'Сохранено')).toBeVisible();
    await expect(formats.getByLabel(label)).toHaveValue(value);
  }
  await expectAccessible(page, 'the formats of a person');

  await page.goto(`${office.url}/records/contact?columns=name,${born},${paid},created_at`);
  const row = list.row(page, 'Форматна');
  await expect(row).toContainText('03/04/2026');
  await expect(row).toContainText('1.234,5');
  await expect(row).toContainText(/\d{1,2}:\d{2}\s(AM|PM)/);

  await page.goto(`${office.url}/records/contact/${person.id}`);
  const about = card.about(page);
  await expect(about).toContainText('03/04/2026');
  await card.edit(page, 'Договор').click();
  await field(about, 'Договор').fill('12/31/2026');
  await page.keyboard.press('Enter');
  await expect(toast(page, 'Сохранено: Договор')).toBeVisible();
  await card.edit(page, 'Доля').click();
  await field(about, 'Доля').fill('12.345,25');
  await page.keyboard.press('Enter');
  await expect(toast(page, 'Сохранено: Доля')).toBeVisible();
  await expect(about).toContainText('12.345,25');
  const stored = await office.get<{ values: Record<string, unknown> }>(`/records/contact/${person.id}`);
  expect([stored.values[born], stored.values[paid]]).toEqual(['2026-12-31', 12345.25]);

  await card.edit(page, 'Договор').click();
  await expect(field(about, 'Договор')).toHaveValue('12/31/2026');
  await expect(field(about, 'Договор')).toHaveAttribute('placeholder', 'мм/дд/гггг');
  await about.getByRole('button', { name: 'Открыть календарь' }).click();
  const calendar = page.getByRole('grid', { name: 'Календарь' });
  await expect(calendar.getByRole('columnheader').first()).toHaveText('вс');
  await expectAccessible(page, 'an open calendar');
  // 31 December is a Thursday: its week begins on the 27th.
  await page.keyboard.press('Home');
  await page.keyboard.press('PageUp');
  await page.keyboard.press('Enter');
  await expect(calendar).toBeHidden();
  await expect(field(about, 'Договор')).toHaveValue('11/27/2026');
  await about.getByRole('button', { name: 'Открыть календарь' }).click();
  await calendar.getByRole('gridcell', { name: /^5 ноября/ }).click();
  await expect(field(about, 'Договор')).toHaveValue('11/05/2026');
  await field(about, 'Договор').press('Enter');
  await expect(about).toContainText('11/05/2026');
});

test('the formats of the company are those of everybody who has chosen nothing', async ({ page, browser }) => {
  const person = await office.createUser('employee', 'Ірина Бойко', 'iryna');
  const day = await addField('date', 'Срок');
  const contact = await office.createPerson('Спільна', { visibility: 'read', [day]: '2026-03-04' });
  await office.enter(page, '/settings/company');
  const formats = page.getByRole('region', { name: 'Форматы' });
  await formats.getByLabel('Даты').selectOption('yyyy-mm-dd');
  await expect(toast(page, 'Сохранено')).toBeVisible();
  await expectAccessible(page, 'the formats of a company');
  const own = await browser.newContext({ locale: 'ru-RU' });
  const theirs = await own.newPage();
  await office.enter(theirs, `/records/contact/${contact.id}`, person);
  await expect(card.about(theirs)).toContainText('2026-03-04');
  await theirs.goto(`${office.url}/settings/profile`);
  await expect(theirs.getByRole('region', { name: 'Форматы' }).getByLabel('Даты').getByRole('option', { name: 'Как в компании: 2026-11-22' })).toBeAttached();
  await own.close();
});
