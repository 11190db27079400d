import { defineConfig } from '@playwright/test';
import tests from './playwright.config';

/** The tests' browser, taking pictures instead of testing. */
export default defineConfig(tests, { testMatch: 'screenshots.ts' });
