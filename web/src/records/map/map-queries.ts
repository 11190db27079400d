/** What maps ask the server for. */
import { keepPreviousData, queryOptions } from '@tanstack/react-query';
import { api } from '@/api/client';
import { keys } from '@/api/keys';
import type { Address, RecordQuery } from '@/api/types';
import { printBounds, type Bounds, type Place } from './world';

export interface Cluster extends Place {
  count: number;
  bounds: readonly number[];
  is_exact: boolean;
  /** The town with the most records, as an address has it. */
  city: string | null;
  /** When all of it is one town: how addresses write it. */
  town: { cities: readonly string[]; country: string | null } | null;
  /** Its record, when it has only one. */
  record: { id: number; title: string | null; type: string } | null;
}

export interface RecordMap {
  clusters: readonly Cluster[];
  /** How many the list shows, wherever they are. */
  total: number;
  without_place: number;
  is_capped: boolean;
}

export interface Town extends Place {
  names: Readonly<Record<string, string>>;
}

const TOWNS = 120;
const REFRESHED_MS = 60_000;

/** Without bounds the whole world, as from far away. */
export function mapQuery(type: string, { filter, search }: RecordQuery, bounds: Bounds | null, zoom: number) {
  const bbox = bounds === null ? undefined : printBounds(bounds);
  const asked = { filter, search, bbox, zoom: Math.floor(zoom) };
  return queryOptions({
    // Not among the lists, which every change of a colleague makes stale: a map looks at the whole base.
    queryKey: [...keys.type(type), 'map', asked],
    queryFn: ({ signal }) => api.get<RecordMap>(`/records/${type}/map`, asked, signal),
    staleTime: 15_000,
    refetchInterval: REFRESHED_MS,
    placeholderData: keepPreviousData,
  });
}

/** The towns that a map is labelled with. */
export function townsQuery(bounds: Bounds | null) {
  const bbox = bounds === null ? undefined : printBounds(bounds);
  return queryOptions({
    queryKey: ['towns', bbox],
    queryFn: ({ signal }) => api.get<{ towns: readonly Town[] }>('/places/towns', { bbox, limit: TOWNS }, signal),
    enabled: bounds !== null,
    staleTime: Infinity,
    placeholderData: keepPreviousData,
  });
}

export interface ExactPlace extends Place {
  name: string | null;
  is_exact: boolean;
}

const ASKED = ['street', 'city', 'region', 'postcode', 'country'] as const;

/** Whether two addresses ask the address service the same. */
export function isSameAddress(one: Address, other: Address): boolean {
  return ASKED.every((part) => (one[part] ?? '') === (other[part] ?? ''));
}

/** Asks the address service of the installation; nothing is stored. */
export function findPlace(address: Address): Promise<{ place: ExactPlace | null }> {
  const asked = Object.fromEntries(ASKED.map((part) => [part, address[part]]).filter(([, part]) => part != null && part !== ''));
  return api.post('/places/find', { street: '', ...asked });
}

/** The town of an address. */
export function placeQuery({ city, region, country }: Address) {
  const asked = { city: city ?? '', region: region ?? '', country: country ?? '' };
  return queryOptions({
    queryKey: ['place', asked],
    queryFn: ({ signal }) => api.get<{ town: Town | null }>('/places/town', asked, signal),
    enabled: asked.city !== '',
    staleTime: Infinity,
  });
}
