import { describe, expect, it } from 'vitest';
import type { Field } from '@/api/types';
import {
  addBlock,
  arrangementOf,
  changeBlock,
  followCatalog,
  isSameArrangement,
  layoutOf,
  moveBlock,
  moveField,
  removeBlock,
  renameSection,
  stepBlock,
  stepField,
  stepShort,
  toggleShort,
  type Arrangement,
} from './arrangement';

/** `name: a b; main: c` */
function read(text: string): Arrangement {
  const blocks = text.split('; ').map((part) => {
    const [key = '', names = ''] = part.split(':');
    return { key, labels: {}, shown_if: null, fields: names.split(' ').filter((name) => name !== '') };
  });
  return { blocks, hover: [], call: [], sections: {} };
}

const print = ({ blocks }: Arrangement): string => blocks.map(({ key, fields }) => `${key}:${fields.map((name) => ` ${name}`).join('')}`).join('; ');

const start = read('name: a b; main: c; empty:; details: d e');

describe('a field', () => {
  it.each([
    ['d', { block: 'name', before: 'b' }, 'name: a d b; main: c; empty:; details: e'],
    ['d', { block: 'empty', before: null }, 'name: a b; main: c; empty: d; details: e'],
    ['a', { block: 'name', before: null }, 'name: b a; main: c; empty:; details: d e'],
    ['a', { block: 'name', before: 'a' }, 'name: a b; main: c; empty:; details: d e'],
    ['a', { block: 'gone', before: null }, 'name: a b; main: c; empty:; details: d e'],
  ])('%s goes to %j', (field, place, expected) => expect(print(moveField(start, field, place))).toBe(expected));

  it.each([
    ['a', 1, 'name: b a; main: c; empty:; details: d e'],
    ['b', 1, 'name: a; main: b c; empty:; details: d e'],
    ['c', 1, 'name: a b; main:; empty: c; details: d e'],
    ['d', -1, 'name: a b; main: c; empty: d; details: e'],
    ['e', -1, 'name: a b; main: c; empty:; details: e d'],
    ['a', -1, 'name: a b; main: c; empty:; details: d e'],
    ['e', 1, 'name: a b; main: c; empty:; details: d e'],
  ] as const)('%s steps by %i', (field, step, expected) => expect(print(stepField(start, field, step))).toBe(expected));
});

describe('a block', () => {
  it.each([
    ['details', 'name', 'details: d e; name: a b; main: c; empty:'],
    ['name', null, 'main: c; empty:; details: d e; name: a b'],
    ['name', 'name', 'name: a b; main: c; empty:; details: d e'],
  ])('%s goes before %s', (key, before, expected) => expect(print(moveBlock(start, key, before))).toBe(expected));

  it('steps, and stays at the ends', () => {
    expect(print(stepBlock(start, 'name', 1))).toBe('main: c; name: a b; empty:; details: d e');
    expect(print(stepBlock(start, 'details', -1))).toBe('name: a b; main: c; details: d e; empty:');
    expect(stepBlock(start, 'name', -1)).toBe(start);
    expect(stepBlock(start, 'details', 1)).toBe(start);
  });

  it('is added under a key of its own', () => {
    const once = addBlock(start, { ru: 'Продажи' }, 'kind in ("company")');
    expect(once.blocks.at(-1)).toEqual({ key: 'block_5', labels: { ru: 'Продажи' }, shown_if: 'kind in ("company")', fields: [] });
    expect(addBlock(removeBlock(once, 'name'), { ru: 'Ещё' }, null).blocks.map(({ key }) => key)).toEqual(['main', 'empty', 'details', 'block_5', 'block_6']);
  });

  it('leaves its fields to its neighbour, and the last one stays', () => {
    expect(print(removeBlock(start, 'main'))).toBe('name: a b c; empty:; details: d e');
    expect(print(removeBlock(start, 'name'))).toBe('main: a b c; empty:; details: d e');
    const last = read('name: a');
    expect(removeBlock(last, 'name')).toBe(last);
  });

  it('is renamed and gets a condition', () => {
    const changed = changeBlock(start, 'main', { ru: 'Работа' }, 'kind in ("person")').blocks[1];
    expect(changed).toEqual({ key: 'main', labels: { ru: 'Работа' }, shown_if: 'kind in ("person")', fields: ['c'] });
  });
});

it('the fields of a pop-up are ticked and ordered', () => {
  const chosen = ['a', 'b', 'c'].reduce((before, name) => toggleShort(before, 'hover', name, true), start);
  expect(stepShort(chosen, 'hover', 'c', -1).hover).toEqual(['a', 'c', 'b']);
  expect(stepShort(chosen, 'hover', 'a', 1).hover).toEqual(['b', 'a', 'c']);
  expect(stepShort(chosen, 'hover', 'c', 1).hover).toEqual(['a', 'b', 'c']);
  expect(toggleShort(chosen, 'hover', 'b', false).hover).toEqual(['a', 'c']);
  expect(chosen.call).toEqual([]);
});

it('a section gets another name and its own again', () => {
  const renamed = renameSection(start, 'companies', { ru: 'Регионы' });
  expect(renamed.sections).toEqual({ companies: { ru: 'Регионы' } });
  expect(renameSection(renamed, 'companies', {}).sections).toEqual({});
});

describe('what the catalog changes meanwhile', () => {
  const moved = moveField(addBlock(start, { ru: 'Новый' }, null), 'a', { block: 'block_5', before: null });

  it('new fields come into their blocks, also into one that is not saved yet', () => {
    const catalog = read('name: a b; main: c n; empty:; details: d e; block_5: x; strange: y');
    expect(print(followCatalog(moved, catalog))).toBe('name: b; main: c n; empty:; details: d e; block_5: a x y');
  });

  it('new fields go with the key of their block, also where the stored arrangement has dissolved it', () => {
    const stored = read('name: a b; main: c; empty:; details: d e x');
    expect(print(followCatalog(moved, stored, read('name: a b; main: c; empty:; details: d e; block_5: x')))).toBe('name: b; main: c; empty:; details: d e; block_5: a x');
    expect(print(followCatalog(start, stored, read('block_9: x')))).toBe('name: a b; main: c; empty:; details: d e x');
  });

  it('retired fields go, from the pop-ups too', () => {
    const catalog = read('name: a b; main:; empty:; details: d e');
    const ticked = toggleShort(moved, 'hover', 'c', true);
    expect(print(followCatalog(ticked, catalog))).toBe('name: b; main:; empty:; details: d e; block_5: a');
    expect(followCatalog(ticked, catalog).hover).toEqual([]);
  });

  it('nothing changes where nothing changed', () => expect(isSameArrangement(followCatalog(start, start), start)).toBe(true));
});

it('what is stored is shown without the title and without blocks that have lost their names', () => {
  const fields = [{ name: 'title', is_read_only: true }, { name: 'a', is_read_only: false }] as unknown as Field[];
  const layout = read('name: title a; sales: b; block_6: x');
  const named = { ...layout, blocks: layout.blocks.map((block) => (block.key === 'sales' ? { ...block, labels: { ru: 'Продажи' } } : block)) };
  expect(print(arrangementOf({ layout: named, title_field: 'title', fields }))).toBe('name: a; sales: b x');
});

it('is sent without what the server would take for a change', () => {
  const untidy: Arrangement = { ...start, blocks: [{ key: 'name', shown_if: '', fields: ['a'] }] };
  expect(layoutOf(untidy).blocks).toEqual([{ key: 'name', labels: {}, shown_if: null, fields: ['a'] }]);
  expect(isSameArrangement(untidy, { ...start, blocks: [{ key: 'name', labels: {}, shown_if: null, fields: ['a'] }] })).toBe(true);
});
