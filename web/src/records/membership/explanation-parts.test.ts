import { describe, expect, it } from 'vitest';
import type { Explanation } from '@/api/sets';
import { printFilter } from '@/util/filter-text';
import { readVerdict, type Verdict } from './explanation-parts';

function drawn(verdict: Verdict | null): string {
  if (verdict === null) return '';
  const sign = verdict.holds ? '+' : '-';
  if (verdict.kind === 'condition') return sign + printFilter([verdict.condition]);
  return `${sign}${verdict.kind}[${verdict.parts.map(drawn).join(', ')}]`;
}

const hot: Explanation = { holds: true, condition: { field: 'warmth', op: '=', value: 'hot' } };
const cold: Explanation = { holds: false, condition: { field: 'warmth', op: '=', value: 'cold' } };
const putIn = (holds: boolean, ...ids: number[]): Explanation => ({ holds, condition: { field: 'groups', op: 'has', value: ids } });

describe('an explanation', () => {
  it.each<[string, Explanation, string]>([
    ['a condition', hot, '+warmth = "hot"'],
    ['all of several', { holds: false, and: [hot, cold] }, '-all[+warmth = "hot", -warmth = "cold"]'],
    ['one of one', { holds: true, and: [{ holds: true, or: [hot] }] }, '+warmth = "hot"'],
    ['lists within lists', { holds: true, or: [cold, { holds: true, or: [hot, cold] }] }, '+any[-warmth = "cold", +warmth = "hot", -warmth = "cold"]'],
    ['a rule beside nobody put in', { holds: true, or: [putIn(false, 7), { holds: true, and: [hot, hot] }] }, '+all[+warmth = "hot", +warmth = "hot"]'],
    ['what was put in', { holds: true, or: [putIn(true, 2, 3), hot] }, '+any[+groups has (2, 3), +warmth = "hot"]'],
    ['only groups that nobody is in', { holds: false, or: [putIn(false, 2), putIn(false, 3)] }, '-any[-groups has (2), -groups has (3)]'],
    ['without a group', { holds: true, not: putIn(false, 5) }, '+not groups has (5)'],
    ['not', { holds: true, not: cold }, '+none[-warmth = "cold"]'],
    ['everything', { holds: true, all: true }, ''],
  ])('of %s', (_name, explanation, expected) => expect(drawn(readVerdict(explanation, 'groups'))).toBe(expected));
});
