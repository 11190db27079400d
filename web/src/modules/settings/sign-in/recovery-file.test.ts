import { expect, test } from 'vitest';
import { recoveryFile } from './recovery-file';

test('a code a line behind a head', () => {
  expect(recoveryFile('Kartoteka, olena', ['aaaaaa-bbbbbb', 'cccccc-dddddd'])).toBe('Kartoteka, olena\r\n\r\naaaaaa-bbbbbb\r\ncccccc-dddddd\r\n');
});
