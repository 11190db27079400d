import { describe, expect, it } from 'vitest';
import type { Field } from '@/api/types';
import { draftOf, draftProblem, emptyDraft, fieldChangeOf, moveOption, newFieldOf, newOption, settingsOf, withNumber, type FieldDraft } from './field-draft';

function draft(change: Partial<FieldDraft>): FieldDraft {
  return { ...emptyDraft('contact'), labels: { ru: 'Обувь', uk: '', en: ' ' }, ...change };
}

function option(ru: string, more = {}) {
  return { ...newOption(), labels: { ru, uk: '', en: '' }, ...more };
}

describe('a new field', () => {
  it('sends the languages that were filled in and the settings of its kind', () => {
    expect(newFieldOf(draft({ kind: 'number', decimals: 1, minimum: '30,5', maximum: '' }))).toEqual({
      labels: { ru: 'Обувь' },
      kind: 'number',
      group: 'details',
      is_required: false,
      settings: { decimals: 1, minimum: 30.5, maximum: null },
    });
  });

  it('of a file takes any, or pictures that fit', () => {
    expect(newFieldOf(draft({ kind: 'file' })).settings).toEqual({});
    expect(newFieldOf(draft({ kind: 'file', isPicture: true, pictureSide: 800 })).settings).toEqual({ max_bytes: 10_485_760, picture: { max_width: 800, max_height: 800 } });
  });

  it('leaves out options without a name', () => {
    const { settings } = newFieldOf(draft({ kind: 'choice', options: [option('Да', { color: 'green' }), option(' ')] }));
    expect(settings.options).toEqual([{ key: '', labels: { ru: 'Да' }, color: 'green', is_retired: false }]);
  });

  it.each([
    [draft({ labels: { ru: '', uk: ' ', en: '' } }), 'labels'],
    [draft({ kind: 'choice' }), 'options'],
    [draft({ kind: 'choice', options: [option('Да', { isRetired: true })] }), 'options'],
    [draft({ kind: 'number', minimum: '5', maximum: '2' }), 'limits'],
    [draft({ kind: 'number', minimum: 'много' }), 'limits'],
    [draft({ kind: 'date' }), null],
    [draft({ kind: 'choice', options: [option('Да')] }), null],
  ])('%# is checked before it is sent', (candidate, problem) => expect(draftProblem(candidate)).toBe(problem));
});

describe('a changed field', () => {
  const field = {
    kind: 'choice',
    labels: { ru: 'Тип' },
    is_custom: true,
    is_required: true,
    group: 'main',
    shown_if: null,
    required_if: null,
    settings: { options: [{ key: 'a', labels: { ru: 'А' }, color: 'red', is_retired: false }] },
  } as unknown as Field;

  it('comes back as it was when nothing is touched', () => {
    expect(fieldChangeOf(field, draftOf(field))).toEqual({
      labels: { ru: 'Тип' },
      is_required: true,
      group: 'main',
      settings: { options: [{ key: 'a', labels: { ru: 'А' }, color: 'red', is_retired: false }] },
    });
  });

  it('sends what of its hint, default and conditions was touched', () => {
    const before = { ...field, is_custom: false, shown_if: 'kind = person', required_if: null, default: 'a', hint: { ru: 'Кто' } } as unknown as Field;
    const changed = { ...draftOf(before), defaultValue: null, requiredIf: 'kind in ("company")' };
    expect(draftOf(before).shownIf).toBe('');
    expect(fieldChangeOf(before, changed)).not.toHaveProperty('labels');
    expect(fieldChangeOf(before, changed)).toMatchObject({ default: null, required_if: 'kind in ("company")' });
    expect(fieldChangeOf(before, changed)).not.toHaveProperty('shown_if');
    expect(fieldChangeOf(before, { ...changed, hint: { ru: 'Кто это', uk: '', en: '' } }).hint).toEqual({ ru: 'Кто это' });
  });

  it('does not touch settings that the dialog does not show', () => {
    const text = { ...field, kind: 'text', settings: { max_length: 40 } } as unknown as Field;
    expect(fieldChangeOf(text, draftOf(text))).not.toHaveProperty('settings');
  });
});

it('options move by one place and stay at the ends', () => {
  const options = [option('1'), option('2'), option('3')];
  const names = (list: typeof options): string => list.map((entry) => entry.labels.ru).join('');
  expect(names(moveOption(options, 0, 1))).toBe('213');
  expect(names(moveOption(options, 0, -1))).toBe('123');
  expect(names(moveOption(options, 2, 1))).toBe('123');
});

it('what options mean is kept, also what the dialog does not show', () => {
  const options = [
    { key: 'first', labels: { ru: 'Первая' }, meaning: 'open', percent: 20, within: 'north', max_days: 7, requires: ['budget'] },
    { key: 'over', labels: { ru: 'Конец' }, meaning: 'won' },
  ];
  const kept = draftOf({ kind: 'choice', labels: {}, shown_if: null, required_if: null, settings: { options, meanings: ['open', 'won'], within: 'line' } } as unknown as Field);
  expect(settingsOf(kept).options).toEqual(options.map((option) => ({ ...option, color: null, is_retired: false })));
  expect(kept.meanings).toEqual(['open', 'won']);
  expect(newOption('open').traits).toEqual({ meaning: 'open' });
  expect([withNumber({ percent: 5 }, 'percent', '30'), withNumber({ percent: 5 }, 'percent', ''), withNumber({ percent: 5 }, 'percent', 'x')]).toEqual([{ percent: 30 }, {}, { percent: 5 }]);
});
