import i18next, { type TFunction } from 'i18next';
import { beforeAll, describe, expect, it } from 'vitest';
import { ApiError } from './client';
import { fieldProblems, pointerTokens, translateCode, translateError } from './errors';
import en from './locales/en.json';
import ru from './locales/ru.json';

let english: TFunction;
let russian: TFunction;

beforeAll(async () => {
  await i18next.init({ lng: 'en', ns: ['api'], resources: { en: { api: en }, ru: { api: ru } }, interpolation: { escapeValue: false }, showSupportNotice: false });
  english = i18next.getFixedT('en');
  russian = i18next.getFixedT('ru');
});

describe('translation of errors', () => {
  it('names the only field error rather than the refusal as a whole', () => {
    const error = new ApiError({ status: 422, code: 'validation_failed', errors: [{ pointer: '/values/x', code: 'not_a_date' }] });
    expect(translateError(english, error)).toBe(en.codes.not_a_date);
  });

  it('counts seconds by the rules of the language', () => {
    const error = new ApiError({ status: 429, code: 'too_many_attempts' }, 3);
    expect(translateError(russian, error)).toContain('3 секунды');
    expect(translateError(english, new ApiError({ status: 429, code: 'too_many_attempts' }, 1))).toContain('1 second.');
  });

  it('never shows a raw code', () => {
    expect(translateCode(english, 'something_new')).toBe(en.codes.internal);
    expect(translateError(english, new TypeError('boom'))).toBe(en.codes.internal);
  });

  it('tells only bounds that mean something', () => {
    expect(translateCode(english, 'out_of_range', { minimum: 0, maximum: 60 })).toBe('It must be between 0 and 60.');
    expect(translateCode(english, 'out_of_range', { minimum: 5, maximum: 9e15 })).toBe('It must be at least 5.');
    expect(translateCode(english, 'out_of_range', { minimum: -9e15, maximum: 9e15 })).toBe(en.codes.out_of_range);
  });
});

describe('field errors', () => {
  it('reads JSON pointers', () => {
    expect(pointerTokens('/values/channels/0/value')).toEqual(['channels', '0', 'value']);
    expect(pointerTokens('/login')).toEqual(['login']);
    expect(pointerTokens('/values/a~1b~0c')).toEqual(['a/b~c']);
  });

  it('gathers them by field', () => {
    const error = new ApiError({
      status: 422,
      code: 'validation_failed',
      errors: [
        { pointer: '/values/channels/0/value', code: 'not_a_phone' },
        { pointer: '/values/channels/1/value', code: 'duplicate' },
        { pointer: '/values/last_name', code: 'required' },
      ],
    });
    const problems = fieldProblems(error);
    expect([...problems.keys()]).toEqual(['channels', 'last_name']);
    expect(problems.get('channels')?.map((problem) => problem.code)).toEqual(['not_a_phone', 'duplicate']);
    expect(fieldProblems(new Error('x')).size).toBe(0);
  });
});
