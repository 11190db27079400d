import { expect, it } from 'vitest';
import { writeKey } from './write-key';

it('stays for the same values until they are written', () => {
  const key = writeKey();
  const first = key.of({ title: 'Встреча' });
  expect(key.of({ title: 'Встреча' })).toBe(first);
  const changed = key.of({ title: 'Звонок' });
  expect(changed).not.toBe(first);
  key.renew();
  expect(key.of({ title: 'Звонок' })).not.toBe(changed);
});
