/**
 * What of a condition an administrator may change. The catalog tells the whole: what the program itself says of a standard
 * field, joined with what an administrator added. Only the second part is sent.
 */
import type { Field } from '@/api/types';
import { splitFilter } from '@/util/filter-parts';
import { parseFilter, printFilter } from '@/util/filter-text';

export interface SplitCondition {
  /** What the program says; it stays. */
  fixed: string | null;
  /** What was added; empty for nothing. */
  own: string;
}

export function splitCondition(field: Pick<Field, 'is_custom' | 'shown_if' | 'required_if'>, name: 'shown_if' | 'required_if'): SplitCondition {
  const whole = field[name];
  if (whole === null || whole === '') return { fixed: null, own: '' };
  if (field.is_custom) return { fixed: null, own: whole };
  const split = isJoined(whole) ? splitFilter(whole) : null;
  const [fixed, own] = split?.parts ?? [];
  if (split?.parts.length === 2 && fixed !== undefined && own !== undefined && split.word === (name === 'shown_if' ? 'and' : 'or')) return { fixed, own };
  return isFromChips(whole) ? { fixed: null, own: whole } : { fixed: whole, own: '' };
}

/** `(…) and (…)`: both parts in brackets, as they are joined. */
function isJoined(text: string): boolean {
  return text.startsWith('(') && text.endsWith(')');
}

/** Chips write words in quotes, the program writes them bare: `kind = person`. */
function isFromChips(text: string): boolean {
  const conditions = parseFilter(text);
  return conditions !== null && printFilter(conditions) === text;
}
