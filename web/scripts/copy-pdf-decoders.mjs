// Puts the decoders of scanned pages beside the page: pdf.js asks for them by these names.
import { copyFileSync, mkdirSync } from 'node:fs';
import path from 'node:path';

const from = path.resolve('node_modules/pdfjs-dist/wasm');
const to = path.resolve('dist/pdf');
mkdirSync(to, { recursive: true });
for (const name of ['jbig2_nowasm_fallback.js', 'openjpeg_nowasm_fallback.js']) copyFileSync(path.join(from, name), path.join(to, name));
