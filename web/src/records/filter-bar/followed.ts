/** What one follows: no field of a record, but asked for beside them (`followers has me`). */
import type { FilterCondition } from '@/util/filter-text';

export const FOLLOWED: FilterCondition = { field: 'followers', part: null, operator: 'has', values: [{ form: 'bare', text: 'me' }] };

/** Which of its words says a condition; null for one about a field. */
export function followedWord({ field, operator }: Pick<FilterCondition, 'field' | 'operator'>): 'followed' | 'not_followed' | null {
  if (field !== FOLLOWED.field) return null;
  return operator === 'has_not' ? 'not_followed' : 'followed';
}
