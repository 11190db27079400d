import { expect, it } from 'vitest';
import { withoutQuestion, withQuestion } from './questions';

const about = (id: number, to: string) => ({ record: { id }, to });

it('asks about each card, in the order of the moves', () => {
  const both = withQuestion(withQuestion([], about(1, 'lost')), about(2, 'lost'));
  expect(both).toEqual([about(1, 'lost'), about(2, 'lost')]);
  expect(withQuestion(both, about(1, 'won'))).toEqual([about(1, 'won'), about(2, 'lost')]);
  expect(withoutQuestion(both, 1)).toEqual([about(2, 'lost')]);
});
