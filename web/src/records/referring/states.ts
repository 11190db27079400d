/** How far the records are that name another one: how many are in hand, won, lost, and what each comes to. */
import type { BoardQuery, BoardSum, BoardTally } from '@/api/boards';
import type { Field, ObjectType } from '@/api/types';
import { doneField } from '../done/done';

export interface State {
  /** What the options of it mean: `open`, `won`. */
  meaning: string;
  count: number;
  isCapped: boolean;
  /** Each currency by itself. */
  sums: BoardSum[];
}

/** The choice field that says how far a record is; undefined for a type whose records are never done. */
export function stateField(type: ObjectType): Field | undefined {
  const done = doneField(type);
  if (done?.kind === 'choice') return done;
  return type.fields.find((field) => field.kind === 'choice' && field.is_filterable && (field.settings.meanings?.length ?? 0) > 0);
}

/** Asks how many there are of each; the first amount of the type is added up. */
export function tallyQueryOf(type: ObjectType, state: Field, filter: string): BoardQuery {
  const amount = type.fields.find(({ kind, settings, is_retired: isRetired }) => kind === 'money' && settings.is_price !== true && !isRetired);
  return { field: state.name, sum: amount?.name, filter };
}

/** Options that mean the same are one state; those that nothing is in are left out. */
export function statesOf(state: Field, tallies: readonly BoardTally[]): State[] {
  return (state.settings.meanings ?? []).flatMap((meaning) => {
    const keys = new Set(state.settings.options?.filter((option) => option.meaning === meaning).map(({ key }) => key));
    const found = tallies.filter(({ option }) => option !== null && keys.has(option));
    const count = found.reduce((sum, tally) => sum + (tally.count.count ?? 0), 0);
    if (count === 0) return [];
    return [{ meaning, count, isCapped: found.some((tally) => tally.count.is_capped || tally.count.count === null), sums: added(found.flatMap(({ sums }) => sums ?? [])) }];
  });
}

/** Amounts of one currency as one. */
function added(sums: readonly BoardSum[]): BoardSum[] {
  const byCurrency = new Map<string | null, number>();
  for (const { currency, amount } of sums) byCurrency.set(currency, (byCurrency.get(currency) ?? 0) + amount);
  return [...byCurrency].filter(([, amount]) => amount !== 0).map(([currency, amount]) => ({ currency, amount }));
}
