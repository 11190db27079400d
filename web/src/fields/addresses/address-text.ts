import type { Address } from '@/api/types';
import { COUNTRY_CODES } from './countries';

export const ADDRESS_PARTS = ['street', 'city', 'region', 'postcode', 'country'] as const;

/** The name of a country by its code: `UA` → `Украина`. */
export function countryName(code: string, language: string): string {
  try {
    return new Intl.DisplayNames([language], { type: 'region' }).of(code) ?? code;
  } catch {
    return code;
  }
}

/** The countries by name, to choose from. */
export function countryOptions(language: string): { value: string; label: string }[] {
  return COUNTRY_CODES.map((code) => ({ value: code, label: countryName(code, language) })).sort((a, b) =>
    a.label.localeCompare(b.label, language),
  );
}

/** One line, from the street to the country. */
export function addressText(address: Address, language: string): string {
  const { street, city, region, postcode, country } = address;
  const parts = [street, city, region, postcode, country ? countryName(country, language) : null];
  return parts.filter((part) => part !== null && part !== undefined && part !== '').join(', ') || (pointText(address) ?? '');
}

/** The exact point as other maps take it: `50.4501, 30.5234`; null without one. */
export function pointText({ latitude, longitude }: Address): string | null {
  return latitude == null || longitude == null ? null : `${latitude}, ${longitude}`;
}

/** Parts that say where the point is: with another city it would be somewhere else. */
const PLACED_BY: readonly (keyof Address)[] = ['city', 'region', 'country'];

/** An address after a change; its point goes with the city that it was set for. */
export function changedAddress(address: Address, patch: Partial<Address>): Address {
  const isMoved = PLACED_BY.some((part) => part in patch && patch[part] !== address[part]);
  if (!isMoved || address.latitude == null) return { ...address, ...patch };
  return { ...address, latitude: null, longitude: null, ...patch };
}
