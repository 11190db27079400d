/** The two ends of `between`. */
import type { FilterValue } from '@/util/filter-text';

export type Ends = readonly [FilterValue | undefined, FilterValue | undefined];

/** What a range asks: nothing until both of its ends are there. */
export function rangeValues([low, high]: Ends): FilterValue[] {
  return low === undefined || high === undefined ? [] : [low, high];
}

export function withEnd([low, high]: Ends, index: 0 | 1, end: FilterValue | undefined): Ends {
  return index === 0 ? [end, high] : [low, end];
}
