import { expect, it } from 'vitest';
import { readRecordMark, recordMark } from './record-mark';

it('the mark of a record is read as it is written', () => {
  expect(readRecordMark(recordMark('contact', 42)['data-record'])).toEqual({ type: 'contact', id: 42 });
  for (const text of [null, undefined, '', 'contact', 'contact/', 'contact/0', 'contact/x', '/42']) expect(readRecordMark(text)).toBeNull();
});
