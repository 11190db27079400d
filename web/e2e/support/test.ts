/** Playwright's `test` with a guard: a page that breaks its policy, asks a foreign host or fails silently fails its test. */
import { expect, test as base, type BrowserContext, type Page } from '@playwright/test';

/** A refused form is an answer like others; the browser reports it as an error all the same. */
const HARMLESS = /^Failed to load resource: /;

function watch(context: BrowserContext, faults: string[]): void {
  context.on('console', (message) => {
    if (message.type() === 'error' && !HARMLESS.test(message.text())) faults.push(`console: ${message.text()}`);
  });
  context.on('weberror', (error) => faults.push(`exception: ${error.error().stack ?? error.error().message}`));
  context.on('request', (request) => {
    const { protocol, hostname } = new URL(request.url());
    if (protocol.startsWith('http') && hostname !== '127.0.0.1' && hostname !== 'localhost') faults.push(`foreign host: ${request.url()}`);
  });
  context.on('response', (response) => {
    if (response.status() >= 500) faults.push(`${response.status()}: ${response.request().method()} ${response.url()}`);
  });
}

export interface Fixtures {
  /** What the pages of this test did wrong; it must be empty at the end. */
  faults: string[];
  /** A page of another person, with cookies of its own. */
  otherPage: Page;
}

export const test = base.extend<Fixtures>({
  // Playwright reads what a fixture needs from its first parameter, which may be nothing.
  // eslint-disable-next-line no-empty-pattern
  faults: async ({}, use) => {
    const faults: string[] = [];
    await use(faults);
    expect(faults).toEqual([]);
  },
  context: async ({ context, faults }, use) => {
    watch(context, faults);
    await use(context);
  },
  otherPage: async ({ browser, faults, contextOptions }, use) => {
    const context = await browser.newContext(contextOptions);
    watch(context, faults);
    await use(await context.newPage());
    await context.close();
  },
});

export { expect };
