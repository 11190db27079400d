// Draws the icons of the installed program from `public/favicon.svg`. Run by hand when the logo changes: `node scripts/make-icons.mjs`.
import { chromium } from '@playwright/test';
import { mkdirSync, readFileSync } from 'node:fs';

const logo = readFileSync('public/favicon.svg', 'utf8');
/** Systems cut a maskable icon to any shape: the background goes to its edges, and the sign stays within the inner four fifths. */
const bare = logo.replace(/<rect[^>]*\/>/, '');
const full = `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 32 32"><rect width="32" height="32" fill="#1c1b19"/><g transform="translate(16 16) scale(.82) translate(-16 -16)">${bare.replace(/<\/?svg[^>]*>/g, '')}</g></svg>`;
const sign = bare.replaceAll('#fff', '#ffffff');

const ICONS = [
  ['icon-192', 192, logo],
  ['icon-512', 512, logo],
  ['maskable-512', 512, full],
  ['apple-touch-icon', 180, full],
  // Beside the clock of Android: white on nothing.
  ['badge-96', 96, sign],
];

mkdirSync('public/icons', { recursive: true });
const browser = await chromium.launch({ executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium', args: ['--no-sandbox'] });
const page = await browser.newPage();
for (const [name, size, svg] of ICONS) {
  await page.setViewportSize({ width: size, height: size });
  await page.setContent(`<style>body{margin:0}svg{display:block;width:${size}px;height:${size}px}</style>${svg}`);
  await page.screenshot({ path: `public/icons/${name}.png`, omitBackground: true });
}
await browser.close();
