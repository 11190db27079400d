import { describe, expect, it } from 'vitest';
import { dayOf, formatBytes, formatChoice, formatClock, formatDate, formatInstant, formatMoney, formatNumber, formatRecent, formatsOf, NUMBER_FORMATS, DATE_FORMATS, TIME_FORMATS } from './format';
import { datePattern, editableNumber, instantOf, isDay, parseClock, parseDate, parseNumber } from './read-format';

const [ru, uk, en] = [formatsOf('ru'), formatsOf('uk'), formatsOf('en')];
const BY_LANGUAGE = { ru, uk, en };
const plain = (text: string): string => text.replace(/[\u00a0\u202f]/g, ' ');

describe('dates', () => {
  it('follow the language', () => {
    expect(formatDate('2026-11-22', ru)).toBe('22.11.2026');
    expect(formatDate('2026-11-22', uk)).toBe('22.11.2026');
    expect(formatDate('2026-11-22', en)).toBe('22/11/2026');
  });

  it.each([
    ['22.11.2026', '2026-11-22'],
    ['22/11/26', '2026-11-22'],
    ['1-2-87', '1987-02-01'],
    ['2026-11-22', '2026-11-22'],
    ['31.02.2026', null],
    ['завтра', null],
  ])('reads %s', (text, expected) => expect(parseDate(text, ru)).toBe(expected));

  it('name today and yesterday in the time zone of the person', () => {
    const now = new Date('2026-11-22T12:00:00Z');
    expect(formatRecent('2026-11-22T07:58:00Z', ru, now, 'Europe/Kyiv')).toBe('сегодня, 09:58');
    expect(formatRecent('2026-11-21T22:30:00Z', uk, now, 'Europe/Kyiv')).toBe('сьогодні, 00:30');
    expect(formatRecent('2026-11-21T12:00:00Z', en, now, 'Europe/Kyiv')).toBe('yesterday, 14:00');
    expect(formatRecent('2026-11-01T12:00:00Z', ru, now, 'Europe/Kyiv')).toBe('01.11.2026');
  });

  it('turn wall clocks into instants across a change of the clocks', () => {
    expect(instantOf('2026-11-22', '09:58', 'Europe/Kyiv')).toBe('2026-11-22T07:58:00.000Z');
    expect(instantOf('2026-07-01', '00:30', 'Europe/Kyiv')).toBe('2026-06-30T21:30:00.000Z');
    expect(dayOf('2026-06-30T21:30:00.000Z', 'Europe/Kyiv')).toBe('2026-07-01');
    expect(formatInstant('2026-11-22T07:58:00Z', ru, 'Europe/Kyiv')).toBe('22.11.2026, 09:58');
  });
});

describe('numbers and money', () => {
  it('follow the language', () => {
    expect(plain(formatNumber(12480.5, ru))).toBe('12 480,5');
    expect(formatNumber(12480.5, en)).toBe('12,480.5');
    expect(plain(formatMoney(18_400_000, 'UAH', ru))).toBe('184 000 ₴');
    expect(plain(formatMoney(18_400_000, 'UAH', en))).toBe('₴ 184,000');
    expect(plain(formatMoney(1_250, 'USD', en))).toBe('$ 12.50');
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
  ] as const)('reads %s in %s', (text, language, expected) => expect(parseNumber(text, BY_LANGUAGE[language])).toBe(expected));

  it.each(['ru', 'uk', 'en'] as const)('reads in %s what it put into a field', (language) => {
    expect(parseNumber(editableNumber('1234.5', BY_LANGUAGE[language]), BY_LANGUAGE[language])).toBe(1234.5);
  });
});

describe('a choice of words', () => {
  it.each([
    ['ru', 'фамилия или имя'],
    ['uk', 'фамилия або имя'],
    ['en', 'фамилия or имя'],
  ])('in %s', (language, expected) => expect(formatChoice(['фамилия', 'имя'], language)).toBe(expected));
});

describe('chosen formats', () => {
  const at = (date: (typeof DATE_FORMATS)[number]) => formatsOf('ru', { date });
  const dates = { 'dd.mm.yyyy': '22.11.2026', 'dd/mm/yyyy': '22/11/2026', 'mm/dd/yyyy': '11/22/2026', 'yyyy-mm-dd': '2026-11-22' };

  it('are those of the person, then of the installation, then of the language', () => {
    const installation = { date: 'yyyy-mm-dd', time: '12h', week_start: 'sunday', numbers: 'point_comma' } as const;
    expect(formatsOf('ru', {}, installation)).toEqual({ language: 'ru', date: 'yyyy-mm-dd', time: '12h', weekStart: 'sunday', numbers: 'point_comma' });
    expect(formatsOf('ru', { date: 'mm/dd/yyyy', time: null }, installation)).toMatchObject({ date: 'mm/dd/yyyy', time: '12h' });
    // By language is a choice, too.
    expect(formatsOf('en', { date: 'by_language', week_start: 'by_language', numbers: 'by_language', time: '24h' }, installation)).toEqual(en);
    expect(en).toEqual({ language: 'en', date: 'dd/mm/yyyy', time: '24h', weekStart: 'monday', numbers: 'comma_point' });
    expect(uk).toEqual({ language: 'uk', date: 'dd.mm.yyyy', time: '24h', weekStart: 'monday', numbers: 'space_comma' });
  });

  it.each(DATE_FORMATS)('write and read %s', (date) => {
    const formats = at(date);
    expect(formatDate('2026-11-22', formats)).toBe(dates[date]);
    expect(parseDate(dates[date], formats)).toBe('2026-11-22');
    // A day that could be a month is where it shows.
    expect(parseDate(formatDate('2026-03-04', formats), formats)).toBe('2026-03-04');
    expect(parseDate('2026-03-04', formats)).toBe('2026-03-04');
    expect(parseDate('03/04/2026', formats)).toBe(date === 'mm/dd/yyyy' ? '2026-03-04' : '2026-04-03');
    expect(parseDate('05-06-07', formats)).toBe(date === 'mm/dd/yyyy' ? '2007-05-06' : date === 'yyyy-mm-dd' ? '2005-06-07' : '2007-06-05');
    expect(parseDate('30/02/2026', formats)).toBeNull();
    expect(datePattern({ day: 'дд', month: 'мм', year: 'гггг' }, formats)).toBe(date.replace('dd', 'дд').replace('mm', 'мм').replace('yyyy', 'гггг'));
  });

  it.each(
    DATE_FORMATS.flatMap((date) => TIME_FORMATS.flatMap((time) => NUMBER_FORMATS.map((numbers) => ({ date, time, numbers })))),
  )('go together: $date, $time, $numbers', ({ date, time, numbers }) => {
    for (const language of ['ru', 'uk', 'en']) {
      const formats = formatsOf(language, { date, time, numbers });
      const clock = time === '24h' ? '16:05' : '4:05 PM';
      const number = { space_comma: '1 234,56', comma_point: '1,234.56', point_comma: '1.234,56' }[numbers];
      expect(plain(formatInstant('2026-11-22T14:05:00Z', formats, 'Europe/Kyiv'))).toBe(`${dates[date]}, ${clock}`);
      expect(plain(formatNumber(1234.56, formats))).toBe(number);
      expect(plain(formatMoney(123_456, 'UAH', formats))).toBe(language === 'en' ? `₴ ${number}` : `${number} ₴`);
      expect(parseNumber(number, formats)).toBe(1234.56);
      expect(parseNumber(editableNumber('1234.56', formats), formats)).toBe(1234.56);
      expect(formatBytes(1_500_000, formats)).toContain(numbers === 'comma_point' ? '1.5' : '1,5');
    }
  });

  it.each([
    ['1.234,56', 1234.56],
    ['-1.234.567', -1234567],
    ['1234,5', 1234.5],
    ['1 234,5', 1234.5],
    ['1.5', null],
    ['1,234.56', null],
    ['1.23.456', null],
  ])('with points between thousands read %s', (text, expected) => expect(parseNumber(text, formatsOf('en', { numbers: 'point_comma' }))).toBe(expected));

  it.each([
    ['00:00', '12:00 AM'],
    ['09:05', '9:05 AM'],
    ['12:00', '12:00 PM'],
    ['23:59', '11:59 PM'],
    ['24:00', '12:00 AM'],
  ])('show %s by the short clock', (clock, expected) => {
    expect(plain(formatClock(clock, formatsOf('ru', { time: '12h' })))).toBe(expected);
    expect(formatClock(clock, ru)).toBe(clock);
  });

  it.each([
    ['9', '09:00'],
    ['9:05', '09:05'],
    ['9.05', '09:05'],
    ['1605', '16:05'],
    ['4:05 PM', '16:05'],
    ['4:05\u00a0pm', '16:05'],
    ['12 am', '00:00'],
    ['12:30p', '12:30'],
    ['0:30', '00:30'],
    ['24:00', null],
    ['13 pm', null],
    ['0 am', null],
    ['9:60', null],
    ['', null],
    ['полдень', null],
  ])('read %s as a time', (text, expected) => expect(parseClock(text)).toBe(expected));

  it('tell days from what was typed', () => {
    expect([isDay('2026-11-22'), isDay('2026-02-30'), isDay('22.11.2026'), isDay('2026-11-22T00:00:00Z')]).toEqual([true, false, false, false]);
  });
});
