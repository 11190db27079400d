import { describe, expect, it } from 'vitest';
import type { ImportHead } from '@/api/types';
import { parseFilter, type FilterCondition } from '@/util/filter-text';
import { asksForMoments, importOf } from './import-of';

const [from, to] = ['2026-11-22T09:43:24.873Z', '2026-11-22T09:43:25.060Z'];
const imports = [
  { file_name: 'a.csv', job: { kind: 'import_check', started_at: from, finished_at: to } },
  { file_name: 'b.csv', job: { kind: 'import', started_at: from, finished_at: to } },
] as unknown as ImportHead[];

function condition(text: string): FilterCondition {
  const [first] = parseFilter(text) ?? [];
  if (first === undefined) throw new Error(text);
  return first;
}

describe('the condition of an import', () => {
  it('leads to its file', () => expect(importOf(condition(`updated_at between ${from} and ${to}`), imports)?.file_name).toBe('b.csv'));

  it('is not known for other moments', () => {
    const other = condition(`updated_at between ${from} and 2026-11-22T10:00:00Z`);
    expect(asksForMoments(other)).toBe(true);
    expect(importOf(other, imports)).toBeNull();
  });

  it.each(['updated_at between 2026-11-01 and 2026-11-22', `updated_at >= ${from}`, `created_at between ${from} and ${to}`])('is none of: %s', (text) =>
    expect(asksForMoments(condition(text))).toBe(false),
  );
});
