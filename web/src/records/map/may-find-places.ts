import { useSession } from '@/api/session';
import type { ObjectType } from '@/api/types';

/** Whether exact places of a type can be asked for: it has addresses, and an administrator has named a service. */
export function useMayFindPlaces(type: ObjectType): boolean {
  const { installation } = useSession();
  return installation.has_geocoder && type.fields.some((field) => field.kind === 'addresses');
}
