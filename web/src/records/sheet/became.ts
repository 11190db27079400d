/** Rows of the sheet that have become records: what is still said of the row is meant for its record. */
import { cellKey, type PastePlan } from './paste-plan';

export type Plan = Pick<PastePlan, 'rows' | 'shown'>;

/** The key of a cell, by the record that its row became. */
export function keyNow(key: string, became: ReadonlyMap<number, number>): string {
  const cut = key.indexOf('/');
  const id = became.get(Number(key.slice(0, cut)));
  return id === undefined ? key : cellKey(id, key.slice(cut + 1));
}

/** A plan made while its rows were none of the records that they are now. */
export function planNow(plan: Plan, became: ReadonlyMap<number, number>): Plan {
  return {
    rows: plan.rows.map((row) => ({ ...row, id: became.get(row.id) ?? row.id })),
    shown: new Map([...plan.shown].map(([key, text]) => [keyNow(key, became), text])),
  };
}
