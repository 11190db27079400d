import { describe, expect, it } from 'vitest';
import { isAnswerTo } from './is-answer';

const there = { isPending: false, isPlaceholderData: false };

describe('an answer to what is typed', () => {
  it('is there', () => expect(isAnswerTo('явор ', 'явор', there)).toBe(true));
  it('is still that to an earlier text', () => expect(isAnswerTo('яворе', 'явор', there)).toBe(false));
  it('stands in for the one that is on its way', () => expect(isAnswerTo('явор', 'явор', { ...there, isPlaceholderData: true })).toBe(false));
  it('has not come yet', () => expect(isAnswerTo('явор', 'явор', { ...there, isPending: true })).toBe(false));
});
