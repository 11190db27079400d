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
  return parts.filter((part) => part !== null && part !== undefined && part !== '').join(', ');
}
