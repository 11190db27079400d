import { describe, expect, it } from 'vitest';
import { groupOptions, searchOptions } from './option-search';

const options = [
  { value: 'phone', label: 'Телефон', group: 'Телефон' },
  { value: 'city', label: 'Адрес — город', group: 'Адреса' },
  { value: 'mobile', label: 'Телефон: мобильный', group: 'Телефон' },
  { value: 'x', label: 'Офис', group: 'Адреса' },
];

describe('options of a picker', () => {
  it.each([
    ['', ['phone', 'city', 'mobile', 'x']],
    ['МОБ', ['mobile']],
    ['город адр', ['city']],
    ['адреса', ['city', 'x']],
    ['факс', []],
  ])('%j finds', (text, values) => expect(searchOptions(options, text).map(({ value }) => value)).toEqual(values));

  it('stand together by group', () =>
    expect(groupOptions(options).map(({ name, options: own }) => [name, own.map(({ value }) => value)])).toEqual([
      ['Телефон', ['phone', 'mobile']],
      ['Адреса', ['city', 'x']],
    ]));
});
