import { useSession } from '@/api/session';
import type { Field } from '@/api/types';

/** The currencies that an amount may be in: those of the field that are in use, the usual one first, and the one that stands there already. */
export function useCurrencies(field: Field, current: string | undefined): string[] {
  const { currency: own, currencies: used } = useSession().installation;
  const named = field.settings.currencies ?? [];
  const offered = named.length === 0 ? [own, ...used] : named.filter((code) => used.includes(code));
  return [...new Set([...offered, ...(current === undefined ? [] : [current])])];
}
