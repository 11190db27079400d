import { describe, expect, it } from 'vitest';
import { splitFilter } from './filter-parts';

describe('a filter is taken apart', () => {
  it.each([
    ['kind = person', null],
    ['(kind = person)', { word: 'and', parts: ['kind = person'] }],
    ['(kind = person and last_name is empty) or (warmth = hot)', { word: 'or', parts: ['kind = person and last_name is empty', 'warmth = hot'] }],
    ['(kind = person) and (warmth = "hot or cold")', { word: 'and', parts: ['kind = person', 'warmth = "hot or cold"'] }],
    ['a = 1 and b = 2 or c = 3', { word: 'or', parts: ['a = 1 and b = 2', 'c = 3'] }],
    ['a between 1 and 2 and b = 3', { word: 'and', parts: ['a between 1 and 2', 'b = 3'] }],
    ['kind in ("a", "b")', null],
    ['kind = "a) or (b"', null],
  ])('%s', (text, expected) => expect(splitFilter(text)).toEqual(expected));
});
