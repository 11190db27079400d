// The first load (the scripts and styles that index.html names, and what they import statically,
// and one language) must stay within the budget of 250 kB gzipped.
import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { gzipSync } from 'node:zlib';

const BUDGET_BYTES = 250 * 1024;
const dist = path.resolve('dist');

const seen = new Set();
function addScript(file) {
  if (seen.has(file)) return;
  seen.add(file);
  const text = readFileSync(path.join(dist, file), 'utf8');
  for (const [, target] of text.matchAll(/(?:^|[;}\n\s])(?:import|export)\s*(?:[\w*${}\s,]+?\bfrom\s*)?["']\.\/([^"']+\.js)["']/g)) {
    addScript(path.join(path.dirname(file), target));
  }
}

const html = readFileSync(path.join(dist, 'index.html'), 'utf8');
for (const [, url] of html.matchAll(/(?:src|href)="\/([^"]+\.(?:js|css))"/g)) {
  if (url.endsWith('.js')) addScript(url);
  else seen.add(url);
}
const languages = readdirSync(path.join(dist, 'assets')).filter((name) => name.startsWith('language-') && name.endsWith('.js'));
const largest = languages
  .map((name) => path.join('assets', name))
  .sort((a, b) => gzipped(b) - gzipped(a))[0];
if (largest !== undefined) seen.add(largest);

function gzipped(file) {
  return gzipSync(readFileSync(path.join(dist, file)), { level: 9 }).length;
}

let total = 0;
for (const file of seen) {
  const size = gzipped(file);
  total += size;
  console.log(`${(size / 1024).toFixed(1).padStart(8)} kB  ${file}`);
}
console.log(`${(total / 1024).toFixed(1).padStart(8)} kB  in all; the budget is ${BUDGET_BYTES / 1024} kB`);
if (seen.size === 0 || total > BUDGET_BYTES) process.exit(1);
