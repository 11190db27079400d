import { describe, expect, it } from 'vitest';
import type { RecordItem } from '@/api/types';
import type { Column } from '../list/columns';
import { pasteBounds, planPaste, type Clip } from './paste-plan';

const records = [1, 2, 3].map((id) => ({ id, version: id * 10 })) as unknown as RecordItem[];
const columns = ['name', 'position', 'remark'].map((name) => ({ field: { name, kind: 'text' }, width: 100 })) as unknown as Column[];
const at = (top: number, left: number, bottom = top, right = left) => ({ top, left, bottom, right });
const texts = (...rows: string[][]): Clip => ({ cells: rows.map((row) => row.map((text) => ({ text }))), fields: null });
const plan = (clip: Clip, bounds: ReturnType<typeof at>) =>
  planPaste(clip, bounds, records, columns, (_, field) => field.name !== 'name', (text) => text.trim());

describe('where a clip goes', () => {
  it('covers its own size from the corner', () => {
    expect(pasteBounds(texts(['a', 'b'], ['c', 'd']), at(0, 1))).toEqual(at(0, 1, 1, 2));
  });

  it('fills a range that it divides evenly, else keeps its size', () => {
    expect(pasteBounds(texts(['a']), at(0, 1, 2, 2))).toEqual(at(0, 1, 2, 2));
    expect(pasteBounds(texts(['a'], ['b']), at(0, 1, 2, 1))).toEqual(at(0, 1, 1, 1));
  });
});

describe('the plan of a paste', () => {
  it('writes texts row by row and repeats them', () => {
    const made = plan(texts(['a ', 'b']), at(1, 1, 2, 2));
    expect(made.rows).toEqual([
      { id: 2, version: 20, values: {}, texts: { position: 'a', remark: 'b' } },
      { id: 3, version: 30, values: {}, texts: { position: 'a', remark: 'b' } },
    ]);
    expect(made.shown.get('3/remark')).toBe('b');
  });

  it('tells what finds no place and what may not be written', () => {
    const made = plan(texts(['x', 'a'], ['y', 'b'], ['z', 'c']), at(2, 0, 4, 1));
    expect(made).toMatchObject({ lostRows: 2, lostColumns: 0, locked: 1 });
    expect(made.rows).toEqual([{ id: 3, version: 30, values: {}, texts: { position: 'a' } }]);
    expect(plan(texts(['a', 'b', 'c']), at(0, 2, 0, 4))).toMatchObject({ lostColumns: 2 });
  });

  it('takes a value into its own field only', () => {
    const clip: Clip = { cells: [[{ text: 'ТОВ', value: { id: 7, type: 'contact', title: 'ТОВ' } }]], fields: ['position'] };
    expect(plan(clip, at(0, 1)).rows[0]).toMatchObject({ values: { position: 7 }, texts: {} });
    expect(plan(clip, at(0, 2)).rows[0]).toMatchObject({ values: {}, texts: { remark: 'ТОВ' } });
  });
});
