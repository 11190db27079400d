/** An installation with an administrator, and quick ways to prepare what a test is not about. */
import { expect, request, test, type APIRequestContext, type Page } from '@playwright/test';
import { Server } from './server';

export type Role = 'administrator' | 'supervisor' | 'employee';

/** The records of the built-in roles: they are made first. */
const BUILT_IN: Record<Role, number> = { administrator: 1, supervisor: 2, employee: 3 };

export interface Person {
  name: string;
  login: string;
  password: string;
}

export interface StoredRecord {
  id: number;
  version: number;
  title: string;
  values: Record<string, unknown>;
}

export const ADMINISTRATOR: Person = { name: 'Олена Ковальчук', login: 'olena', password: 'Подільська-17-вечір' };

export class Office {
  private running: { server: Server; api: APIRequestContext } | null = null;

  /** Registers the start before the tests of a file and the stop after them. */
  static forThisFile(): Office {
    const office = new Office();
    test.beforeAll(async () => {
      test.setTimeout(120_000);
      const server = await Server.start();
      const api = await request.newContext({ baseURL: server.url });
      office.running = { server, api };
      const token = new URL(server.setupUrl ?? '').searchParams.get('token');
      await office.post('/setup', {
        token,
        company_name: 'Карпати Буд',
        country: 'UA',
        language: 'ru',
        ...ADMINISTRATOR,
      });
    });
    test.afterAll(async () => {
      await office.running?.api.dispose();
      await office.running?.server.stop();
    });
    return office;
  }

  get url(): string {
    return this.parts.server.url;
  }

  private get parts(): { server: Server; api: APIRequestContext } {
    if (this.running === null) throw new Error('the server has not been started');
    return this.running;
  }

  /** As the administrator. */
  async get<Answer>(path: string): Promise<Answer> {
    const answer = await this.parts.api.get(`/api/v1${path}`);
    expect(answer.ok(), await answer.text()).toBe(true);
    return (await answer.json()) as Answer;
  }

  /** As the administrator. */
  async post<Answer>(path: string, data: unknown): Promise<Answer> {
    const answer = await this.parts.api.post(`/api/v1${path}`, { data });
    expect(answer.ok(), `${path}: ${await answer.text()}`).toBe(true);
    return (await answer.json()) as Answer;
  }

  async patch<Answer>(path: string, data: unknown): Promise<Answer> {
    const answer = await this.parts.api.patch(`/api/v1${path}`, { data });
    expect(answer.ok(), `${path}: ${await answer.text()}`).toBe(true);
    return (await answer.json()) as Answer;
  }

  async createContact(values: Record<string, unknown>): Promise<StoredRecord> {
    const { record } = await this.post<{ record: StoredRecord }>('/records/contact', { values });
    return record;
  }

  async createPerson(lastName: string, values: Record<string, unknown> = {}): Promise<StoredRecord> {
    return this.createContact({ kind: 'person', last_name: lastName, ...values });
  }

  async createCompany(name: string, values: Record<string, unknown> = {}): Promise<StoredRecord> {
    return this.createContact({ kind: 'company', company_name: name, ...values });
  }

  async changeContact(id: number, values: Record<string, unknown>): Promise<void> {
    await this.patch(`/records/contact/${id}`, { values });
  }

  async deleteContact(id: number): Promise<void> {
    await this.deleteRecord('contact', id);
  }

  async deleteRecord(type: string, id: number): Promise<void> {
    const answer = await this.parts.api.delete(`/api/v1/records/${type}/${id}`);
    expect(answer.ok(), await answer.text()).toBe(true);
  }

  /** Answers the id of the import. */
  async uploadImport(fileName: string, content: Buffer): Promise<number> {
    const answer = await this.parts.api.post(`/api/v1/imports?type=contact&file_name=${encodeURIComponent(fileName)}`, {
      data: content,
      headers: { 'Content-Type': 'application/octet-stream' },
    });
    expect(answer.ok(), await answer.text()).toBe(true);
    return ((await answer.json()) as { id: number }).id;
  }

  async createUser(role: Role, name: string, login: string, language = 'ru'): Promise<Person & { id: number }> {
    const person: Person = { name, login, password: `Лемберг-вранці-${login}` };
    const { record } = await this.post<{ record: StoredRecord }>('/users', { ...person, roles: [BUILT_IN[role]], language });
    return { ...person, id: record.id };
  }

  /** Logs the context of a page in, without its form, and opens a path. */
  async enter(page: Page, path = '/', person: Person = ADMINISTRATOR): Promise<void> {
    const answer = await page.request.post(`${this.url}/api/v1/session`, { data: { login: person.login, password: person.password } });
    expect(answer.ok(), await answer.text()).toBe(true);
    await page.goto(this.url + path);
  }
}

/** A phone of the installation's country. */
export function phone(value: string, more: Record<string, unknown> = {}): Record<string, unknown> {
  return { kind: 'phone', label: 'mobile', value, ...more };
}
