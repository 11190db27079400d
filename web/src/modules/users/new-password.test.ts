import { expect, it } from 'vitest';
import { newPassword } from './new-password';

it('a first password is long, readable and never the same', () => {
  const passwords = Array.from({ length: 200 }, newPassword);
  expect(new Set(passwords).size).toBe(passwords.length);
  for (const password of passwords) expect(password).toMatch(/^[a-km-zA-HJ-NP-Z2-9]{14}$/);
});
