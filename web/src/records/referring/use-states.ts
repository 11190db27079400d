import { useQueries } from '@tanstack/react-query';
import { boardTallyQuery } from '@/api/boards';
import { recordCountQuery } from '@/api/records';
import { filterOf, type Named, type Referring } from './referring';
import { stateField, statesOf, tallyQueryOf, type State } from './states';

export interface Total {
  count: number;
  isCapped: boolean;
}

export interface States {
  states: readonly State[];
  /** Null until it is known. */
  total: Total | null;
}

/** How far the records are that name another; of a type without states, how many there are. */
export function useStates(referring: Referring, named: Named): States {
  return useAllStates([referring], named)[0] ?? { states: [], total: null };
}

/** The same for several types at once. */
export function useAllStates(referrings: readonly Referring[], named: Named): States[] {
  const asked = referrings.map((referring) => {
    const filter = filterOf(referring, named);
    return { name: referring.type.name, filter, state: stateField(referring.type), type: referring.type };
  });
  const tallies = useQueries({ queries: asked.flatMap(({ name, filter, state, type }) => (state === undefined ? [] : [boardTallyQuery(name, tallyQueryOf(type, state, filter))])) });
  const counts = useQueries({ queries: asked.flatMap(({ name, filter, state }) => (state === undefined ? [recordCountQuery(name, { filter })] : [])) });
  let tallied = 0;
  let counted = 0;
  return asked.map(({ state }): States => {
    if (state === undefined) {
      const count = counts[counted++]?.data;
      return { states: [], total: count === undefined ? null : { count: count.count, isCapped: count.is_capped } };
    }
    const columns = tallies[tallied++]?.data;
    if (columns === undefined) return { states: [], total: null };
    const total = columns.reduce((sum, column) => sum + (column.count.count ?? 0), 0);
    return { states: statesOf(state, columns), total: { count: total, isCapped: columns.some(({ count }) => count.is_capped || count.count === null) } };
  });
}
