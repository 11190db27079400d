/** How many cards a column should hold: a sign for people, no lock. */
import type { FieldSettings } from '@/api/types';

/** Beyond this columns are not counted. */
const MOST = 10_000;

export type Fullness = 'free' | 'full' | 'over';

/** How a column stands to its limit; null without one, and where its cards are not counted. */
export function fullness(count: number | null, limit: number | undefined): Fullness | null {
  if (count === null || limit === undefined) return null;
  if (count > limit) return 'over';
  return count === limit ? 'full' : 'free';
}

/** What was typed: a number, undefined for no limit, null for what is neither. */
export function limitOf(text: string): number | undefined | null {
  const digits = text.replace(/\s/g, '');
  if (digits === '') return undefined;
  const limit = /^\d{1,5}$/.test(digits) ? Number(digits) : 0;
  return limit >= 1 && limit <= MOST ? limit : null;
}

/** The settings of a field with another limit for one option. What an option tells its reader alone is not sent back. */
export function withLimit(settings: FieldSettings, key: string, limit: number | undefined): FieldSettings {
  const options = settings.options?.map(({ is_offered: _, max_records: before, ...option }) => {
    const own = option.key === key ? limit : before;
    return own === undefined ? option : { ...option, max_records: own };
  });
  return { ...settings, options };
}
