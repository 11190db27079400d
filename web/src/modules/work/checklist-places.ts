/** Where the items of a checklist stand. */
import type { RecordItem } from '@/api/types';

/** Places have six digits after the point. */
const NEAREST = 0.000_004;

export function numberOf(item: RecordItem | undefined): number {
  return typeof item?.values.place === 'number' ? item.values.place : 0;
}

/** The place of an item that is to stand at `to` among others, behind all when there are fewer; null where no room is left. */
export function placeAt(others: readonly number[], to: number): number | null {
  const at = Math.min(to, others.length);
  const [before, behind] = [others[at - 1], others[at]];
  if (behind === undefined) return (before ?? 0) + 1;
  if (before === undefined) return behind - 1;
  return behind - before < NEAREST ? null : Number(((before + behind) / 2).toFixed(6));
}

/** The items in a text: one a line, without the signs that lists have. */
export function linesOf(text: string): string[] {
  const plain = text.split(/\r?\n/).map((line) => line.replace(/^\s*(?:[-*•–]|\[[ x]?\]|\d{1,3}[.)])\s+/iu, '').trim());
  return plain.filter((line) => line !== '').slice(0, 100);
}
