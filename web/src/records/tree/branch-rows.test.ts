import { expect, it } from 'vitest';
import type { Page, RecordItem } from '@/api/types';
import { branchRows } from './branch-rows';

const record = (id: number, kind: string): RecordItem => ({ id, title: `№${id}`, values: { kind } }) as unknown as RecordItem;
const page = (items: RecordItem[], next_cursor: string | null = null): Page<RecordItem> => ({ items, next_cursor }) as Page<RecordItem>;
const isCompany = (one: RecordItem): boolean => one.values.kind === 'company';

it('shows what is below an open record, and no further than it is open', () => {
  const below = new Map([
    [1, page([record(2, 'company'), record(3, 'person')], 'next')],
    [2, page([])],
  ]);
  const rows = branchRows([record(1, 'company'), record(4, 'person')], below, new Set([1, 2]), isCompany);
  expect(rows.map(({ node, position, siblings }) => [node.item.id, node.depth, position, siblings])).toEqual([
    [1, 0, 1, 2],
    [2, 1, 1, 2],
    [3, 1, 2, 2],
    [4, 0, 2, 2],
  ]);
  expect(rows.map((row) => [row.node.children.length > 0, row.isKnownEmpty, row.hasRest])).toEqual([
    [true, false, true],
    [true, true, false],
    [false, false, false],
    [false, false, false],
  ]);
  expect(branchRows([record(1, 'company')], below, new Set(), isCompany)).toHaveLength(1);
});

it('ends in a ring', () => {
  const below = new Map([[1, page([record(1, 'company')])]]);
  expect(branchRows([record(1, 'company')], below, new Set([1]), isCompany).length).toBeLessThan(100);
});
