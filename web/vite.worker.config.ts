import { createHash } from 'node:crypto';
import { readdirSync, statSync } from 'node:fs';
import { defineConfig } from 'vite';

/** What is fetched ahead is smaller than this: pictures of maps and readers of documents come when they are wanted. */
const LARGEST_BYTES = 300_000;
const FOLDER = 'dist/assets';

/** The files of the program that the build before this one made; their names change with their content, so they name the version, too. */
function shell(): { version: string; files: string[] } {
  const names = readdirSync(FOLDER).filter((name) => /\.(js|css|woff2)$/.test(name)).sort();
  const version = createHash('sha256').update(names.join('\n')).digest('hex').slice(0, 16);
  const files = names.filter((name) => statSync(`${FOLDER}/${name}`).size <= LARGEST_BYTES);
  return { version, files: files.map((name) => `/assets/${name}`) };
}

/** The service worker: one file without a hash in its name, beside the page. */
export default defineConfig({
  publicDir: false,
  define: { SHELL: JSON.stringify(shell()) },
  build: {
    target: 'es2022',
    emptyOutDir: false,
    lib: { entry: 'src/worker/service-worker.ts', formats: ['iife'], name: 'worker', fileName: () => 'service-worker.js' },
  },
});
