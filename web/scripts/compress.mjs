// Compresses what the build made, as tightly as possible and once, instead of by the server for each visitor:
// beside each text file stand `.br` and `.gz`, which the server prefers.
import { readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { brotliCompressSync, constants, gzipSync } from 'node:zlib';

const TEXT = /\.(m?js|css|html|svg)$/;
/** Below this an answer is one packet anyway. */
const SMALLEST_BYTES = 1024;
const dist = path.resolve('dist');

for (const name of readdirSync(dist, { recursive: true })) {
  const file = path.join(dist, name);
  if (!TEXT.test(name) || statSync(file).size < SMALLEST_BYTES) continue;
  const content = readFileSync(file);
  const params = { [constants.BROTLI_PARAM_SIZE_HINT]: content.length, [constants.BROTLI_PARAM_MODE]: constants.BROTLI_MODE_TEXT };
  writeFileSync(`${file}.br`, brotliCompressSync(content, { params }));
  writeFileSync(`${file}.gz`, gzipSync(content, { level: 9 }));
}
