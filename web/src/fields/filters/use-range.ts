import { useState } from 'react';
import type { FilterValue } from '@/util/filter-text';
import { rangeValues, withEnd, type Ends } from './range';

/** Both ends of a range while it is entered; the condition hears of them once both are there. */
export function useRange(
  values: readonly FilterValue[],
  onChange: (values: FilterValue[]) => void,
): [Ends, (index: 0 | 1, end: FilterValue | undefined) => void] {
  const [ends, setEnds] = useState<Ends>([values[0], values[1]]);
  function put(index: 0 | 1, end: FilterValue | undefined): void {
    const next = withEnd(ends, index, end);
    setEnds(next);
    onChange(rangeValues(next));
  }
  return [ends, put];
}
