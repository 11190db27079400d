import { describe, expect, it } from 'vitest';
import { safePath } from './safe-path';

const ORIGIN = 'https://crm.example.org';

describe('where a login may lead', () => {
  it.each([
    ['/', '/'],
    ['/records/contact?filter=name%20contains%20%22a%22#x', '/records/contact?filter=name%20contains%20%22a%22#x'],
    ['/settings/profile', '/settings/profile'],
    ['/a//b', '/a//b'],
  ])('%s stays', (next, expected) => expect(safePath(next, ORIGIN)).toBe(expected));

  it.each([
    undefined,
    '',
    'records',
    '//evil.example',
    '///evil.example',
    '/\\evil.example',
    '\\\\evil.example',
    '/\t/evil.example',
    '/\n/evil.example',
    '/\r\n/evil.example',
    '\t//evil.example',
    ' //evil.example',
    '/ /evil.example',
    '/./\\evil.example',
    '/.//evil.example',
    '/..//evil.example',
    '/a/..//evil.example',
    'https://evil.example',
    'https:evil.example',
    'https://crm.example.org@evil.example',
    'javascript:alert(1)',
    'JavaScript:alert(1)',
    'data:text/html,x',
    '\u2028//evil.example',
    '/\u0000/evil.example',
    '%0d%0aLocation:%20https://evil.example',
  ])('%j leads home', (next) => expect(safePath(next, ORIGIN)).toBe('/'));

  it('keeps what is encoded encoded', () => {
    expect(safePath('/%0d%0aLocation:%20x', ORIGIN)).toBe('/%0d%0aLocation:%20x');
    expect(safePath('/%2f%2fevil.example', ORIGIN)).toBe('/%2f%2fevil.example');
    expect(safePath('/%5cevil.example', ORIGIN)).toBe('/%5cevil.example');
  });
});
