import { describe, expect, it } from 'vitest';
import type { Field, FieldValue } from '@/api/types';
import { formatIn } from '@/ui/use-format';
import { formatsOf } from '@/util/format';
import { cellText, readCell } from './cell-text';

const FORMAT = formatIn(formatsOf('ru'), 'Europe/Kyiv');

function field(kind: string, settings: unknown = {}): Field {
  return { name: 'x', kind, settings } as unknown as Field;
}

describe('the text of a cell', () => {
  const warmths = { options: [{ key: 'hot', labels: { ru: 'Горячий' } }, { key: 'old', labels: { ru: 'Старый' } }] };
  it.each<[string, unknown, unknown, string]>([
    ['text', 'Бойко', {}, 'Бойко'],
    ['text', null, {}, ''],
    ['number', 1250.5, {}, '1250,5'],
    ['money', { amount: 125_050, currency: 'UAH' }, {}, '1250,5 UAH'],
    ['checkbox', true, {}, '1'],
    ['checkbox', false, {}, '0'],
    ['date', '1980-03-22', {}, '22.03.1980'],
    ['choice', 'hot', warmths, 'Горячий'],
    ['choice_set', ['hot', 'old'], warmths, 'Горячий; Старый'],
    ['reference', { id: 1, type: 'contact', title: 'ТОВ Смерека' }, {}, 'ТОВ Смерека'],
    ['reference_set', [{ id: 1, title: 'Олена' }, { id: 2, title: 'Іван' }], {}, 'Олена; Іван'],
    ['channels', [{ kind: 'phone', value: '+380674401285', display: '+380 67 440 12 85' }, { kind: 'email', value: 'a@b.c' }], {}, '+380 67 440 12 85; a@b.c'],
  ])('of kind %s: %j', (kind, value, settings, text) => {
    expect(cellText(value as FieldValue, field(kind, settings), FORMAT)).toBe(text);
  });
});

describe('what is written in a cell', () => {
  it.each([
    ['date', '22.3.80', '1980-03-22'],
    ['date', 'завтра', 'завтра'],
    ['date_time', '22.11.2026, 09:58', '2026-11-22T07:58:00.000Z'],
    ['date_time', '22.11.2026 9:58', '2026-11-22T07:58:00.000Z'],
    ['text', ' Бойко ', 'Бойко'],
    ['number', '1 250,5', '1250.5'],
    ['number', 'много', 'много'],
    ['money', '1 250,50 UAH', '1250.5 UAH'],
  ])('of kind %s: %j', (kind, text, read) => {
    expect(readCell(text, field(kind), FORMAT)).toBe(read);
  });

  it('is in the formats of the person', () => {
    const american = formatIn(formatsOf('ru', { date: 'mm/dd/yyyy', time: '12h', numbers: 'point_comma' }), 'Europe/Kyiv');
    expect(readCell('11/22/2026, 9:58 PM', field('date_time'), american)).toBe('2026-11-22T19:58:00.000Z');
    expect(readCell('3/4/2026', field('date'), american)).toBe('2026-03-04');
    expect(readCell('1.250,50 UAH', field('money'), american)).toBe('1250.5 UAH');
    expect(cellText('2026-03-04', field('date'), american)).toBe('03/04/2026');
    for (const value of ['2026-11-22T19:58:00.000Z', '2026-11-22T07:05:00.000Z']) {
      expect(readCell(cellText(value, field('date_time'), american), field('date_time'), american)).toBe(value);
    }
  });

  it('has commas between thousands in English', () => {
    expect(readCell('1,250', field('number'), formatIn(formatsOf('en')))).toBe('1250');
    expect(readCell('1,250.50 USD', field('money'), formatIn(formatsOf('en')))).toBe('1250.5 USD');
  });
});
