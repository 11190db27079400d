import { defineConfig } from '@playwright/test';
import { CHROMIUM, CHROMIUM_ARGUMENTS } from './support/chromium';

/** Every file has a server and a base of its own, so the files may run side by side; within a file the tests share both. */
export default defineConfig({
  testDir: '.',
  outputDir: '../test-results',
  forbidOnly: process.env.CI !== undefined,
  workers: 2,
  retries: 0,
  // The debug build hashes passwords and reads files slowly on a small machine.
  timeout: 90_000,
  expect: { timeout: 15_000 },
  reporter: process.env.CI === undefined ? [['list']] : [['dot'], ['./support/failure-lines.ts']],
  use: {
    browserName: 'chromium',
    // Requests that a worker answers are seen by no test; those about it say otherwise.
    serviceWorkers: 'block',
    viewport: { width: 1440, height: 900 },
    // What still glides is not where it is seen.
    contextOptions: { reducedMotion: 'reduce' },
    locale: 'ru-RU',
    timezoneId: 'Europe/Kyiv',
    actionTimeout: 15_000,
    launchOptions: { executablePath: CHROMIUM, args: [...CHROMIUM_ARGUMENTS] },
    screenshot: 'only-on-failure',
  },
});
