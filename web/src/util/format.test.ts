import { describe, expect, it } from 'vitest';
import { dayOf, editableNumber, formatChoice, formatDate, formatInstant, formatMoney, formatNumber, formatRecent, instantOf, parseDate, parseNumber } from './format';

const plain = (text: string): string => text.replace(/[\u00a0\u202f]/g, ' ');

describe('dates', () => {
  it('follow the language', () => {
    expect(formatDate('2026-11-22', 'ru')).toBe('22.11.2026');
    expect(formatDate('2026-11-22', 'uk')).toBe('22.11.2026');
    expect(formatDate('2026-11-22', 'en')).toBe('22/11/2026');
  });

  it.each([
    ['22.11.2026', '2026-11-22'],
    ['22/11/26', '2026-11-22'],
    ['1-2-87', '1987-02-01'],
    ['2026-11-22', '2026-11-22'],
    ['31.02.2026', null],
    ['завтра', null],
  ])('reads %s', (text, expected) => expect(parseDate(text)).toBe(expected));

  it('name today and yesterday in the time zone of the person', () => {
    const now = new Date('2026-11-22T12:00:00Z');
    expect(formatRecent('2026-11-22T07:58:00Z', 'ru', now, 'Europe/Kyiv')).toBe('сегодня, 09:58');
    expect(formatRecent('2026-11-21T22:30:00Z', 'uk', now, 'Europe/Kyiv')).toBe('сьогодні, 00:30');
    expect(formatRecent('2026-11-21T12:00:00Z', 'en', now, 'Europe/Kyiv')).toBe('yesterday, 14:00');
    expect(formatRecent('2026-11-01T12:00:00Z', 'ru', now, 'Europe/Kyiv')).toBe('01.11.2026');
  });

  it('turn wall clocks into instants across a change of the clocks', () => {
    expect(instantOf('2026-11-22', '09:58', 'Europe/Kyiv')).toBe('2026-11-22T07:58:00.000Z');
    expect(instantOf('2026-07-01', '00:30', 'Europe/Kyiv')).toBe('2026-06-30T21:30:00.000Z');
    expect(dayOf('2026-06-30T21:30:00.000Z', 'Europe/Kyiv')).toBe('2026-07-01');
    expect(formatInstant('2026-11-22T07:58:00Z', 'ru', 'Europe/Kyiv')).toBe('22.11.2026, 09:58');
  });
});

describe('numbers and money', () => {
  it('follow the language', () => {
    expect(plain(formatNumber(12480.5, 'ru'))).toBe('12 480,5');
    expect(formatNumber(12480.5, 'en')).toBe('12,480.5');
    expect(plain(formatMoney(18_400_000, 'UAH', 'ru'))).toBe('₴ 184 000');
    expect(plain(formatMoney(1_250, 'USD', 'en'))).toBe('$ 12.50');
  });

  it.each([
    ['12 480,5', 'ru', 12480.5],
    ['-3', 'ru', -3],
    ['1.5', 'uk', 1.5],
    ['1,500', 'uk', 1.5],
    ['12,480.5', 'ru', null],
    ['', 'ru', null],
    ['пять', 'ru', null],
    ['1,500', 'en', 1500],
    ['-12,480.5', 'en', -12480.5],
    ['1,234,567', 'en', 1234567],
    ['12 480.5', 'en', 12480.5],
    ['1,5', 'en', null],
    ['1,50,000', 'en', null],
    ['1.5,000', 'en', null],
  ])('reads %s in %s', (text, language, expected) => expect(parseNumber(text, language)).toBe(expected));

  it.each(['ru', 'uk', 'en'])('reads in %s what it put into a field', (language) => {
    expect(parseNumber(editableNumber('1234.5', language), language)).toBe(1234.5);
  });
});

describe('a choice of words', () => {
  it.each([
    ['ru', 'фамилия или имя'],
    ['uk', 'фамилия або имя'],
    ['en', 'фамилия or имя'],
  ])('in %s', (language, expected) => expect(formatChoice(['фамилия', 'имя'], language)).toBe(expected));
});
