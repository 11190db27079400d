import { describe, expect, it } from 'vitest';
import { decodeText } from './decode-text';
import { documentKind } from './document-kind';

describe('documentKind', () => {
  it('goes by the ending', () => {
    expect(documentKind('Скан.PDF')).toBe('pdf');
    expect(documentKind('фото.v2.jpeg')).toBe('picture');
    expect(documentKind('прайс.xlsx')).toBe('table');
    expect(documentKind('pdf')).toBe('other');
    expect(documentKind('злий.svg')).toBe('other');
  });
});

describe('decodeText', () => {
  const utf8 = new TextEncoder().encode('Договір');

  it('reads UTF-8, also when it is cut inside a letter', () => {
    expect(decodeText(utf8, false)).toBe('Договір');
    expect(decodeText(utf8.slice(0, -1), true)).toBe('Догові');
  });

  it('reads the Cyrillic encoding of Windows', () => {
    expect(decodeText(Uint8Array.from([0xc4, 0xee, 0xe3, 0xee, 0xe2, 0xee, 0xf0]), false)).toBe('Договор');
  });
});
