/** Cities and other parts of addresses that are in the base, to choose from. */
import type { Address, RecordItem } from '@/api/types';
import { printFilter } from '@/util/filter-text';
import { asAddresses } from '../values';
import type { ADDRESS_PARTS } from './address-text';

export type AddressPart = Exclude<(typeof ADDRESS_PARTS)[number], 'country'>;

const SHOWN = 12;

/** The records that have an address whose part begins with a text; any address with the part where there is no text. */
export function knownPartsFilter(fieldName: string, part: string, text: string): string {
  const condition = { field: fieldName, part };
  return printFilter([
    text === ''
      ? { ...condition, operator: 'is_not_empty', values: [] }
      : { ...condition, operator: 'starts_with', values: [{ form: 'text', text }] },
  ]);
}

/** The parts of their addresses that begin with the text, the most frequent first. */
export function knownParts(records: readonly RecordItem[], fieldName: string, part: AddressPart, text: string): string[] {
  const counts = new Map<string, number>();
  const start = text.toLowerCase();
  for (const record of records) {
    for (const address of asAddresses(record.values[fieldName])) {
      const value = (address as Partial<Address>)[part]?.trim() ?? '';
      if (value !== '' && value.toLowerCase().startsWith(start)) counts.set(value, (counts.get(value) ?? 0) + 1);
    }
  }
  return [...counts]
    .sort(([one, many], [other, more]) => more - many || one.localeCompare(other))
    .slice(0, SHOWN)
    .map(([value]) => value);
}
