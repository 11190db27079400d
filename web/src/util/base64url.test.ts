import { expect, test } from 'vitest';
import { fromBase64Url, toBase64Url } from './base64url';

test.each([
  [[], ''],
  [[251, 255], '-_8'],
  [[0, 1, 2, 3], 'AAECAw'],
])('%j is written %s', (bytes, text) => {
  expect(toBase64Url(Uint8Array.from(bytes).buffer)).toBe(text);
  expect([...fromBase64Url(text)]).toEqual(bytes);
});
