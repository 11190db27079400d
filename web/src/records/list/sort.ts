/** The order of a list as the address and the API write it: `-updated_at,name`. */
export interface SortKey {
  name: string;
  isDescending: boolean;
}

export const MAX_SORT_KEYS = 3;

export function parseSort(text: string | undefined): SortKey[] {
  return (text ?? '')
    .split(',')
    .map((part) => part.trim())
    .filter((part) => part !== '' && part !== '-')
    .map((part) => ({ name: part.replace(/^-/, ''), isDescending: part.startsWith('-') }))
    .slice(0, MAX_SORT_KEYS);
}

export function printSort(keys: readonly SortKey[]): string | undefined {
  const text = keys.map((key) => (key.isDescending ? '-' : '') + key.name).join(',');
  return text === '' ? undefined : text;
}

/** What a press on a header does: ascending, then descending, then ascending again. */
export function toggleSort(text: string | undefined, name: string): string {
  const [first] = parseSort(text);
  const isDescending = first?.name === name && !first.isDescending;
  return (isDescending ? '-' : '') + name;
}
