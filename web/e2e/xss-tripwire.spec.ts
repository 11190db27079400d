/** Texts of attackers in every field, name, header and file, and a walk over all screens: none of it is anything but text (S10, S11). */
import { expect, test, type Page } from '@playwright/test';
import { MailSink } from './support/mail-sink';
import { ADMINISTRATOR, Office, type StoredRecord } from './support/office';
import { PAYLOADS, marked, markOf, Tripwire } from './support/tripwire';

const office = Office.forThisFile();

interface Field {
  name: string;
  kind: string;
  is_read_only: boolean;
}
interface Problem {
  errors?: { pointer: string }[];
}

/** Texts of one record: each field gets another payload, so that all of them stand somewhere. */
function texts(fields: readonly Field[], start: number): Record<string, unknown> {
  const written = fields.filter(({ kind, is_read_only: isReadOnly }) => !isReadOnly && ['text', 'long_text'].includes(kind));
  return Object.fromEntries(written.map(({ name }, at) => [name, marked(start + at)]));
}

/** Writes what is taken: fields that refuse a payload by their own rules are left out. */
async function write(page: Page, path: string, values: Record<string, unknown>): Promise<StoredRecord | null> {
  let left = { ...values };
  for (let attempt = 0; attempt < 12; attempt += 1) {
    const answer = await page.request.post(`${office.url}/api/v1/records/${path}`, { data: { values: left } });
    if (answer.ok()) return ((await answer.json()) as { record: StoredRecord }).record;
    const refused = ((await answer.json()) as Problem).errors?.map(({ pointer }) => pointer.split('/')[2] ?? '') ?? [];
    expect(answer.status(), `${path}: ${await answer.text()}`).toBeLessThan(500);
    if (!refused.some((name) => name in left)) return null;
    left = Object.fromEntries(Object.entries(left).filter(([name]) => !refused.includes(name)));
  }
  return null;
}

/** A file that browsers would run if they were let. */
const FILES: [string, string][] = [
  ['"><img data-xss src=x onerror=__xss(40)>.svg', '<svg xmlns="http://www.w3.org/2000/svg" onload="__xss(40)"><script>__xss(40)</script></svg>'],
  ['<script data-xss>__xss(41)<%2Fscript>.html', '<!doctype html><script>__xss(41)</script><img src=x onerror=__xss(41)>'],
  ['\u202Efdp.html', '<html><body onload="__xss(42)"><script>__xss(42)</script></body></html>'],
  ['a.xml', '<?xml version="1.0"?><?xml-stylesheet type="text/xsl" href="data:,"?><x xmlns:h="http://www.w3.org/1999/xhtml"><h:script>__xss(43)</h:script></x>'],
  ['javascript:__xss(44).pdf', '%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 2 0 R/OpenAction<</S/JavaScript/JS(app.alert(44))>>>>endobj\n2 0 obj<</Type/Pages/Kids[]/Count 0>>endobj\ntrailer<</Root 1 0 R>>'],
  ['x.txt', '<script data-xss>__xss(45)</script><img data-xss src=x onerror=__xss(45)>'],
  ['x.mht', 'MIME-Version: 1.0\nContent-Type: text/html\n\n<script>__xss(46)</script>'],
];

let sharedId = 0;
let importId = 0;

/** Everything that people type or send, once. */
async function fill(page: Page): Promise<void> {
  const { object_types: types } = await office.get<{ object_types: { name: string; fields: Field[] }[] }>('/catalog');
  const fieldsOf = (name: string): Field[] => types.find((type) => type.name === name)?.fields ?? [];
  const label = { en: marked(0), ru: marked(2), uk: marked(4) };
  await office.post('/catalog/contact/fields', { labels: label, kind: 'text' });
  await office.post('/catalog/contact/fields', {
    labels: { en: marked(5), ru: marked(6), uk: marked(7) },
    kind: 'choice',
    settings: { options: [{ key: 'a', labels: { en: marked(8), ru: marked(8), uk: marked(8) } }] },
  });
  const made = new Map<string, number>();
  const needed: Record<string, Record<string, unknown>> = {
    group: {},
    tag: {},
    team: {},
    role: { rights: JSON.stringify({ base: 'employee' }) },
    processing_purpose: { basis: 'consent', is_active: true },
  };
  for (const [type, values] of Object.entries(needed)) {
    for (let at = 0; at < 6; at += 1) {
      const record = await write(page, type, { ...texts(fieldsOf(type), at * 5), ...values });
      if (record !== null) made.set(type, record.id);
    }
    expect([...made.keys()]).toContain(type);
  }
  await write(page, 'saved_view', { name: marked(2), object_type: 'contact', definition: JSON.stringify({ q: marked(3), section: 'clients' }), sharing: 'all' });

  const contactFields = fieldsOf('contact');
  const phones = [{ kind: 'phone', label: marked(3).slice(0, 40), value: '067 500 10 10', comment: marked(4) }];
  for (let at = 0; at < PAYLOADS.length; at += 1) {
    const kind = at % 5 === 4 ? 'company' : 'person';
    const own = kind === 'person' ? { last_name: marked(at), first_name: marked(at + 1) } : { company_name: marked(at) };
    const channels = ['website', 'telegram', 'other', 'facebook', 'skype'].map((channel) => ({ kind: channel, value: PAYLOADS[at] ?? '', label: marked(at).slice(0, 40), comment: marked(at + 3) }));
    const address = { city: marked(at + 1), street: marked(at + 2), region: marked(at), postcode: marked(at).slice(0, 20), label: marked(at).slice(0, 40), latitude: 50 + at / 100, longitude: 30 };
    const place = { addresses: [address], channels, groups: [made.get('group')], tags: [made.get('tag')] };
    const rest = texts(contactFields.filter(({ name }) => !(name in own) && !['last_name', 'first_name', 'patronymic', 'company_name'].includes(name)), at);
    const record = await write(page, 'contact', { kind, ...own, ...rest, ...place });
    expect(record, `contact ${at}`).not.toBeNull();
    sharedId = record?.id ?? sharedId;
  }
  // Channels that refuse a text altogether, one by one; then two of a kind for the duplicates.
  for (const payload of PAYLOADS) await write(page, 'contact', { kind: 'person', last_name: 'Посилання', channels: [{ kind: 'website', value: payload }] });
  for (let twin = 0; twin < 2; twin += 1) await office.createContact({ kind: 'person', last_name: marked(2), first_name: marked(4), channels: [{ ...phones[0], is_shared: true }] });

  const path = `/records/contact/${sharedId}`;
  for (let at = 0; at < 5; at += 1) await office.patch(path, { values: { remark: marked(at * 3), description: marked(at * 3 + 1), position: marked(at * 3 + 2) } });
  for (let at = 0; at < PAYLOADS.length; at += 3) expect(await write(page, 'comment', { record: sharedId, text: marked(at) })).not.toBeNull();
  for (const [name, content] of FILES) {
    const answer = await page.request.post(`${office.url}/api/v1/files?name=${encodeURIComponent(name)}`, { data: Buffer.from(content), headers: { 'Content-Type': 'application/octet-stream' } });
    expect(answer.status(), name).toBeLessThan(500);
    if (answer.ok()) await write(page, 'document', { name, record: sharedId, file: ((await answer.json()) as { id: string }).id, remark: marked(2) });
  }
  const purpose = made.get('processing_purpose');
  await office.post(`/personal-data/subjects/${sharedId}/consents`, { purpose, state: 'given', source: 'other', source_detail: marked(2), remark: marked(4), channel: marked(6) });
  await office.post('/users', { name: marked(2), login: 'mallory', password: ADMINISTRATOR.password, roles: [3], makes_card: true });
  await page.request.post(`${office.url}/api/v1/session`, { data: { login: marked(3), password: 'x' }, headers: { 'User-Agent': marked(16).replaceAll(/[^\u0020-\u007e]/gu, '') } });
  await page.request.post(`${office.url}/api/v1/session`, { data: { login: ADMINISTRATOR.login, password: ADMINISTRATOR.password }, headers: { 'User-Agent': '<img data-xss src=x onerror=__xss(50)>' } });
  await office.post('/session/api-keys', { name: marked(2).slice(0, 90) });
  await office.post('/session/app-passwords', { name: marked(2).slice(0, 60) });
  await office.post('/webhooks', { name: marked(2).slice(0, 90), url: `http://127.0.0.1:9/?q=${encodeURIComponent(marked(3))}`, is_active: false, subscriptions: [{ type: 'contact', actions: ['created'] }] });
  const csv = [['Фамилия', 'Имя', marked(2), marked(4), marked(16)], ...PAYLOADS.map((_, at) => [marked(at), marked(at + 1), marked(at + 2), marked(at + 3), marked(at + 4)])];
  const quoted = csv.map((row) => row.map((cell) => `"${cell.replaceAll('"', '""')}"`).join(',')).join('\n');
  importId = await office.uploadImport(`${marked(3).replaceAll('/', '')}.csv`, Buffer.from(quoted));
  // Without a mark: it stands on every screen, and would be found wherever another is missing.
  await office.patch('/installation', { company_name: PAYLOADS[2] });
  await office.post('/duplicates/search', { type: 'contact' });
}

/** The screens, each with a text of an attacker that must be seen there: else the walk would prove nothing. */
const SCREENS: [string, string | null][] = [
  ['/records/contact?section=clients', 'Ж'],
  ['/records/contact?section=clients&look=sheet', 'Ж'],
  ['/records/contact?section=clients&look=tiles', 'Ж'],
  ['/records/contact?section=clients&look=tree', 'Ж'],
  ['/records/contact?section=clients&look=map', 'Ж'],
  [`/records/contact?section=clients&q=${encodeURIComponent(marked(2))}`, 'Ж'],
  [`/records/contact?section=${encodeURIComponent(marked(2))}&filter=${encodeURIComponent(marked(3))}&sort=${encodeURIComponent(marked(4))}`, null],
  ['/records/contact/new?section=clients', 'Ж'],
  ['/trash', null],
  ['/groups', 'Ж'],
  ['/quality', null],
  ['/operations', 'Ж'],
  ['/duplicates?type=contact', 'Ж'],
  ['/import', 'Ж'],
  ['/settings/profile', 'Ж'],
  ['/settings/fields', 'Ж'],
  ['/settings/card', 'Ж'],
  ['/settings/company', null],
  ['/settings/users', 'Ж'],
  ['/settings/mail', null],
  ['/settings/roles', 'Ж'],
  ['/settings/teams', 'Ж'],
  ['/settings/tags', 'Ж'],
  ['/settings/webhooks', 'Ж'],
  ['/settings/webhooks/1', 'Ж'],
  ['/settings/notifications', null],
  ['/settings/schedules', null],
  ['/settings/sign-in', null],
  ['/settings/api-keys', 'Ж'],
  ['/settings/audit', 'Ж'],
  ['/settings/personal-data', 'Ж'],
  [`/nowhere?next=${encodeURIComponent(marked(2))}`, null],
];

async function look(wire: Tripwire, page: Page, path: string, sign: string | null): Promise<void> {
  await page.goto(office.url + path);
  await expect(page.getByRole('main').or(page.getByRole('heading')).first(), path).toBeVisible();
  if (sign !== null) await expect(page.getByText(sign).or(page.locator(`[value*="${sign}"]`)).locator('visible=true').first(), path).toBeVisible();
  await wire.search(page, path);
}

test('nothing that somebody typed is ever more than a text', async ({ browser }) => {
  test.setTimeout(180_000);
  const sink = await MailSink.start();
  const wire = await Tripwire.in(browser, { locale: 'ru-RU' });
  const page = await wire.context.newPage();
  await office.enter(page);
  await fill(page);
  await page.goto(office.url);

  for (const [path, sign] of SCREENS) await look(wire, page, path, sign);

  await test.step('the card with its history, comments and files', async () => {
    await look(wire, page, `/records/contact/${sharedId}`, 'Ж');
    const files = page.getByRole('list', { name: 'Файлы' });
    const opened = files.getByRole('button', { name: /^Открыть/u });
    await expect.poll(() => opened.count()).toBeGreaterThan(4);
    for (let at = 0; at < (await opened.count()); at += 1) {
      await opened.nth(at).click();
      await expect(page.getByRole('dialog').first()).toBeVisible();
      await wire.search(page, `file ${at}`);
      await page.keyboard.press('Escape');
      await expect(page.getByRole('dialog')).toBeHidden();
    }
    for (const at of [0, 1, 3, 4]) await look(wire, page, `/records/contact/${at + 1}`, 'Ж');
  });
  await test.step('links of channels', async () => {
    for (const offset of ['', '&sort=name']) await look(wire, page, `/records/contact?section=clients&q=${encodeURIComponent('Посилання')}${offset}`, 'Посилання');
  });
  await test.step('the palette, the wizard of the import, the merge', async () => {
    await page.keyboard.press('Control+K');
    await page.getByRole('combobox').fill(markOf(2));
    await expect(page.getByRole('option').filter({ hasText: markOf(2) }).first()).toBeVisible();
    await wire.search(page, 'palette');
    await page.keyboard.press('Escape');
    await look(wire, page, `/import/${importId}`, 'Ж');
    const targets = ['last_name', 'first_name', 'remark', 'position', null];
    await office.patch(`/imports/${importId}`, { options: { has_header: true }, mapping: targets.map((target, index) => ({ index, target })) });
    await look(wire, page, `/import/${importId}`, markOf(16));
    await page.getByRole('button', { name: 'Проверить файл' }).click();
    await expect(page.getByText('Прочитано строк')).toBeVisible({ timeout: 60_000 });
    await wire.search(page, 'import, checked');
    await page.getByRole('button', { name: 'Загрузить', exact: true }).click();
    await expect(page.getByText('Файл загружен.')).toBeVisible({ timeout: 60_000 });
    await wire.search(page, 'import, done');
    await look(wire, page, '/records/contact/merge?ids=1,2', 'Ж');
  });
  await test.step('files by their own address are never pages of the program', async () => {
    const { items } = await office.get<{ items: { values: { file: { id: string } } }[] }>('/records/document?limit=50');
    expect(items.length).toBeGreaterThan(4);
    for (const { values } of items) {
      const answer = await page.request.get(`${office.url}/api/v1/files/${values.file.id}`);
      expect(answer.headers()['content-disposition']).toMatch(/^attachment/u);
      expect(answer.headers()['x-content-type-options']).toBe('nosniff');
      expect(answer.headers()['content-security-policy']).toContain('sandbox');
    }
  });
  await test.step('letters and the act of an erasure', async () => {
    await office.patch('/installation', { public_url: office.url });
    await office.patch('/mail/settings', { host: '127.0.0.1', port: sink.port, security: 'none', sender_address: 'crm@example.com', sender_name: marked(2).slice(0, 60) });
    await office.post('/invitations', { name: marked(3), email: 'invited@example.com', roles: [3] });
    await expect.poll(() => sink.letters.length).toBeGreaterThan(0);
    for (const html of sink.htmls) {
      const letter = await wire.context.newPage();
      await letter.setContent(html);
      await wire.search(letter, 'letter');
      await letter.close();
    }
    expect(sink.htmls.length).toBeGreaterThan(0);
    const victim = await office.get<StoredRecord>('/records/contact/1');
    const { job } = await office.post<{ job: { id: number } }>('/personal-data/subjects/1/erase', { confirmation: victim.title, cause: 'request' });
    await expect.poll(async () => (await office.get<{ state: string }>(`/jobs/${job.id}`)).state).toBe('done');
    const { items } = await office.get<{ items: { id: number }[] }>('/personal-data/acts');
    const act = await page.request.get(`${office.url}/api/v1/personal-data/acts/${items[0]?.id ?? 0}/page`);
    const sheet = await wire.context.newPage();
    await sheet.setContent(await act.text());
    await expect(sheet.getByText(PAYLOADS[2]).first()).toBeVisible();
    await wire.search(sheet, 'act of an erasure');
    await look(wire, page, '/settings/personal-data', 'Ж');
  });
  await test.step('nothing of anybody stays in the storage of the browser', async () => {
    const { cookies, origins } = await wire.context.storageState({ indexedDB: true });
    expect(origins.length).toBeGreaterThan(0);
    expect(JSON.stringify(origins)).not.toMatch(/Ж|xss/u);
    expect(cookies.every(({ httpOnly }) => httpOnly)).toBe(true);
  });
  sink.stop();
  expect(wire.tripped).toEqual([]);
  await wire.context.close();
});

test('one place that shows a text as HTML trips the wires', async ({ browser }) => {
  const wire = await Tripwire.in(browser, { locale: 'ru-RU' });
  await wire.context.addInitScript(() => {
    // What a forgotten escape would do: the title of a card is set as HTML.
    new MutationObserver(() => {
      for (const heading of document.querySelectorAll('h1, h2')) {
        const text = heading.textContent ?? '';
        if (text.includes('<') && heading.getAttribute('data-planted') === null) {
          heading.setAttribute('data-planted', '');
          heading.innerHTML = text;
        }
      }
    }).observe(document, { childList: true, subtree: true });
  });
  const page = await wire.context.newPage();
  const planted = await office.createPerson(marked(2));
  await office.enter(page, `/records/contact/${planted.id}`);
  await expect(page.locator('[data-planted]').first()).toBeAttached();
  await wire.search(page, 'planted');
  expect(wire.tripped.join('\n')).toContain('an element of a payload');
  await expect.poll(() => wire.tripped.join('\n')).toContain('the policy stopped');
  await wire.context.close();
});
