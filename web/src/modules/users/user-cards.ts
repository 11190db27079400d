/** The cards of users among the contacts, as far as the reader sees them. */
import { useQuery } from '@tanstack/react-query';
import { recordPickQuery } from '@/api/records';
import type { RecordItem } from '@/api/types';
import { asReference } from '@/fields/values';

/** The field of a contact that names the user whose card it is. */
export const USER_FIELD = 'employee_user';

/** Cards by user; undefined until they are known. */
export function useUserCards(userIds: readonly number[]): ReadonlyMap<number, RecordItem> | undefined {
  const filter = `${USER_FIELD} in (${userIds.join(', ')})`;
  const cards = useQuery({ ...recordPickQuery('contact', '', filter, { fields: USER_FIELD, limit: 200 }), enabled: userIds.length > 0 });
  if (cards.data === undefined) return undefined;
  return new Map(cards.data.items.flatMap((card) => {
    const user = asReference(card.values[USER_FIELD]);
    return user === null ? [] : [[user.id, card] as const];
  }));
}
