import { expect, it } from 'vitest';
import { splitCondition } from './own-condition';

const standard = (shown_if: string | null, required_if: string | null = null) => ({ is_custom: false, shown_if, required_if });

it.each([
  [null, { fixed: null, own: '' }],
  ['kind = person', { fixed: 'kind = person', own: '' }],
  ['kind in ("company")', { fixed: null, own: 'kind in ("company")' }],
  ['(kind = person) and (warmth in ("hot"))', { fixed: 'kind = person', own: 'warmth in ("hot")' }],
  ['(kind = person) and (warmth in ("hot") or tags is empty)', { fixed: 'kind = person', own: 'warmth in ("hot") or tags is empty' }],
])('of a standard field shown if %s', (text, expected) => expect(splitCondition(standard(text), 'shown_if')).toEqual(expected));

it('of a standard field that is required', () =>
  expect(splitCondition(standard(null, '(kind = person and last_name is empty) or (warmth = hot)'), 'required_if')).toEqual({
    fixed: 'kind = person and last_name is empty',
    own: 'warmth = hot',
  }));

it('of an additional field all of it', () =>
  expect(splitCondition({ is_custom: true, shown_if: 'kind = person', required_if: null }, 'shown_if')).toEqual({ fixed: null, own: 'kind = person' }));
