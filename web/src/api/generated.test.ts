import { readFileSync } from 'node:fs';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import openapiTS, { astToString } from 'openapi-typescript';
import { expect, it } from 'vitest';

const SCHEMA = path.resolve(__dirname, 'generated/schema.d.ts');
const DESCRIPTION = path.resolve(__dirname, '../../../openapi.json');

/** The generator puts a banner above; only what follows is compared. */
function withoutBanner(text: string): string {
  return text.slice(text.indexOf('export interface paths')).trim();
}

it('the generated types follow openapi.json: run `npm run generate` if not', async () => {
  const generated = astToString(await openapiTS(pathToFileURL(DESCRIPTION)));
  expect(withoutBanner(readFileSync(SCHEMA, 'utf8'))).toBe(withoutBanner(generated));
}, 60_000);
