import { describe, expect, it } from 'vitest';
import type { ImportColumn, ObjectType } from '@/api/types';
import { previewRecord } from './preview-fields';

const type = {
  title_field: 'name',
  fields: [
    { name: 'name', kind: 'text', group: 'name' },
    { name: 'last_name', kind: 'text', group: 'name' },
    { name: 'first_name', kind: 'text', group: 'name' },
    { name: 'channels', kind: 'channels', group: 'contact' },
    { name: 'birthday', kind: 'date', group: 'details' },
  ],
} as unknown as ObjectType;

const columns: ImportColumn[] = [
  { index: 0, header: 'ФИО', samples: [], target: 'full_name', is_sure: true },
  { index: 1, header: 'Телефон', samples: [], target: 'channels.phone', is_sure: true },
  { index: 2, header: 'ДР', samples: [], target: 'birthday', is_sure: true },
];

describe('a row of the preview', () => {
  it('shows filled fields in the order of the card and a title made of the names', () => {
    const record = previewRecord({ row: 2, values: { birthday: '1990-01-02', first_name: 'Ірина', last_name: 'Бондаренко' }, problems: [] }, columns, type);
    expect(record.title).toBe('Бондаренко Ірина');
    expect(record.fields.map((entry) => entry.field.name)).toEqual(['last_name', 'first_name', 'birthday']);
  });

  it('puts a problem beside its field even when nothing could be read', () => {
    const record = previewRecord({ row: 2, values: {}, problems: [{ column: 1, code: 'not_a_phone', value: '12' }] }, columns, type);
    expect(record.fields).toEqual([{ field: type.fields[3], value: undefined, problems: [{ column: 1, code: 'not_a_phone', value: '12' }] }]);
    expect(record.problems).toEqual([]);
  });

  it('keeps problems without a field for the whole row', () => {
    const problems = [
      { column: null, code: 'required' },
      { column: 0, code: 'too_long' },
    ];
    expect(previewRecord({ row: 2, values: {}, problems }, columns, type).problems).toEqual(problems);
  });
});
