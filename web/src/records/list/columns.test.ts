import { describe, expect, it } from 'vitest';
import type { Field, ObjectType } from '@/api/types';
import { moveColumn, parseColumns, readColumns, readWidth, withWidth, writeColumns } from './columns';
import { readListSearch } from './list-search';
import { parseSort, printSort, toggleSort } from './sort';

function field(name: string, kind: Field['kind'] = 'text'): Field {
  return {
    id: 1,
    name,
    labels: { en: name },
    kind,
    is_custom: false,
    is_read_only: false,
    is_required: false,
    is_retired: false,
    is_sortable: true,
    is_filterable: true,
    access: 'write',
    group: 'main',
    shown_if: null,
    required_if: null,
    default: null,
    operators: [],
    settings: {},
  };
}

const type: ObjectType = {
  name: 'contact',
  labels: { en: 'Contact' },
  labels_plural: { en: 'Contacts' },
  title_field: 'name',
  is_importable: true,
  is_system: false,
  icon: 'address-book',
  permissions: { see: true, create: true, change: true, delete: true, export: true, bulk: true, merge: true, share: true },
  sections: [],
  default_columns: ['name', 'parent', 'updated_at'],
  default_sort: '-updated_at',
  layout: { blocks: [], hover: [], call: [], sections: {} },
  fields: [field('name'), field('parent'), field('position'), field('updated_at', 'date_time')],
};

const names = (text?: string): string[] => readColumns(type, text).map((column) => column.field.name);

describe('columns of a list', () => {
  it('reads widths within bounds', () => {
    expect(parseColumns('name:260,parent,x:9,y:9000')).toEqual([
      { name: 'name', width: 260 },
      { name: 'parent', width: null },
      { name: 'x', width: 64 },
      { name: 'y', width: 800 },
    ]);
  });

  it('keeps the title first and leaves out what is unknown or repeated', () => {
    expect(names('position,parent,nonsense,position')).toEqual(['name', 'position', 'parent']);
    expect(names()).toEqual(['name', 'parent', 'updated_at']);
  });

  it('writes nothing for the defaults and reads back what it wrote', () => {
    expect(writeColumns(type, readColumns(type, undefined))).toBeUndefined();
    const moved = moveColumn(readColumns(type, 'name:300,parent,position'), 'position', 'parent');
    expect(writeColumns(type, moved)).toBe('name:300,position,parent');
    expect(names(writeColumns(type, moved))).toEqual(['name', 'position', 'parent']);
  });

  it('never moves anything before the title', () => {
    expect(moveColumn(readColumns(type, undefined), 'updated_at', 'name').map((column) => column.field.name)).toEqual([
      'name',
      'updated_at',
      'parent',
    ]);
  });
});

describe('sort', () => {
  it('reads and writes', () => {
    expect(parseSort('-updated_at, name')).toEqual([
      { name: 'updated_at', isDescending: true },
      { name: 'name', isDescending: false },
    ]);
    expect(printSort(parseSort('-updated_at,name'))).toBe('-updated_at,name');
    expect(printSort([])).toBeUndefined();
  });

  it('turns around on the second press', () => {
    expect(toggleSort('-updated_at', 'name')).toBe('name');
    expect(toggleSort('name', 'name')).toBe('-name');
    expect(toggleSort('-name', 'name')).toBe('name');
  });
});

describe('a width', () => {
  it('is what was typed, within the bounds', () => {
    expect(readWidth('250')).toBe(250);
    expect(readWidth('2')).toBe(64);
    expect(readWidth('5000')).toBe(800);
    expect(readWidth('')).toBeNull();
    expect(readWidth('wide')).toBeNull();
  });

  it('changes one column only', () => {
    const columns = readColumns(type, undefined);
    const [title] = columns;
    const next = withWidth(columns, title?.field.name ?? '', 333);
    expect(next.map((column) => column.width)).toEqual([333, ...columns.slice(1).map((column) => column.width)]);
    expect(title?.width).not.toBe(333);
  });
});

describe('the address of a list', () => {
  it('keeps what makes sense', () => {
    expect(readListSearch({ section: 'clients', view: '7', open: 42, q: 67, filter: '', sort: null, junk: 1 })).toEqual({
      section: 'clients',
      view: 7,
      open: 42,
      q: '67',
    });
    expect(readListSearch({ view: 'x', open: -1 })).toEqual({});
  });
});
