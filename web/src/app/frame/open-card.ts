/** Which card is open, as the address tells: on a page of its own (`/records/contact/42`) or beside its list (`?open=42`). */
import type { ObjectType } from '@/api/types';

export interface OpenCard {
  type: ObjectType;
  id: number;
}

export function openCard({ pathname, search }: { pathname: string; search: object }, types: readonly ObjectType[]): OpenCard | null {
  const match = /^\/records\/(\w+)(?:\/(\d+))?$/.exec(pathname);
  const type = types.find((candidate) => candidate.name === match?.[1]);
  const beside = 'open' in search ? Number(search.open) : 0;
  const id = match?.[2] === undefined ? beside : Number(match[2]);
  return type === undefined || !Number.isSafeInteger(id) || id < 1 ? null : { type, id };
}
