import { expect, it } from 'vitest';
import { readRowId } from './row-menu-place';

it('a row tells which record it is', () => {
  expect(['row-42', 'row-0', 'row-', 'row-4x', 'x-row-4', ''].map(readRowId)).toEqual([42, null, null, null, null, null]);
});
