// The first load of a list must stay within the budget of 250 kB gzipped: what index.html names, the frame and
// the list's screen, all that these import statically, their styles, and one language.
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
const assets = readdirSync(path.join(dist, 'assets')).map((name) => path.join('assets', name));

/** `assets/Frame-DBNe_Bpd.js` → `Frame`. */
function chunkOf(file) {
  return path.basename(file).replace(/-[\w-]{8}\.\w+$/, '');
}

const isScript = (file) => file.endsWith('.js');
for (const file of assets.filter(isScript)) {
  if (['Frame', 'RecordListScreen'].includes(chunkOf(file))) addScript(file);
}
const chunks = new Set([...seen].map(chunkOf));
for (const file of assets.filter((name) => name.endsWith('.css') && chunks.has(chunkOf(name)))) seen.add(file);
const languages = assets.filter((file) => isScript(file) && ['ru', 'uk', 'en'].includes(chunkOf(file)));
for (const file of languages.sort((a, b) => gzipped(b) - gzipped(a)).slice(0, 1)) seen.add(file);

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
if (languages.length === 0 || !chunks.has('RecordListScreen') || total > BUDGET_BYTES) process.exit(1);
