import { describe, expect, it } from 'vitest';
import { isSafari, isShown, pageOf, readTold, tagOf, type Told } from './told';

const told: Told = { id: 7, user_id: 3, language: 'ru', title: 'x', body: '', url: '/records/contact/1' };

describe('a push', () => {
  it('is read as the server writes it, and nothing else is', () => {
    expect(readTold(JSON.stringify(told))).toEqual(told);
    for (const text of [undefined, '', 'null', '[]', '{}', JSON.stringify({ ...told, id: '7' })]) expect(readTold(text)).toBeNull();
    expect(tagOf(told)).toBe('notification-7');
  });

  it('is shown to whom it is for, and not over a page that has told already', () => {
    const check = (reader: number | null | undefined, isPageVisible: boolean, mustShow: boolean, expected: boolean, id = 7) =>
      expect(isShown({ ...told, id }, { reader, isPageVisible, mustShow })).toBe(expected);
    check(3, false, false, true);
    check(undefined, false, false, true);
    check(3, true, false, false);
    check(3, true, true, true);
    check(3, true, false, true, 0);
    check(null, false, true, false);
    check(4, false, true, false, 0);
  });

  it('leads to pages of this program alone', () => {
    const check = (url: unknown, expected: string) => expect(pageOf(url, 'https://crm.example')).toBe(expected);
    check('/records/contact/1?x=1#y', '/records/contact/1?x=1#y');
    check('https://evil.example/', '/');
    check('//evil.example/', '/');
    check('/\\evil.example/', '/');
    check('javascript:alert(1)', '/');
    check(null, '/');
  });

  it('must be shown in Safari', () => {
    expect(isSafari('Mozilla/5.0 (Macintosh) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.0 Safari/605.1.15')).toBe(true);
    expect(isSafari('Mozilla/5.0 (Windows NT 10.0) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0 Safari/537.36')).toBe(false);
  });
});
