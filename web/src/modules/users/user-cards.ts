/** The cards of users among the contacts, as far as the reader sees them. */
import { useQueries } from '@tanstack/react-query';
import { recordPickQuery } from '@/api/records';
import type { RecordItem } from '@/api/types';
import { asReference } from '@/fields/values';

/** The field of a contact that names the user whose card it is. */
export const USER_FIELD = 'employee_user';

/** The type of contacts that employees are of. */
export const EMPLOYEE = 'employee';
/** Users whose cards are asked for together: as many as a page has. */
const AT_ONCE = 200;

/** Cards by user; undefined until they are known. */
export function useUserCards(userIds: readonly number[]): ReadonlyMap<number, RecordItem> | undefined {
  const parts = Array.from({ length: Math.ceil(userIds.length / AT_ONCE) }, (_, at) => userIds.slice(at * AT_ONCE, (at + 1) * AT_ONCE));
  const answers = useQueries({
    queries: parts.map((ids) => recordPickQuery('contact', '', `${USER_FIELD} in (${ids.join(', ')})`, { fields: USER_FIELD, limit: AT_ONCE })),
  });
  if (answers.some((answer) => answer.data === undefined)) return undefined;
  return new Map(answers.flatMap((answer) => answer.data?.items ?? []).flatMap((card) => {
    const user = asReference(card.values[USER_FIELD]);
    return user === null ? [] : [[user.id, card] as const];
  }));
}
