/** Sales goals beside what was won and what may still come. */
import { queryOptions, useQueryClient } from '@tanstack/react-query';
import { useCallback } from 'react';
import { api } from './client';
import { keys } from './keys';
import type { Money, RecordReference } from './types';

/** The type of the records that goals are. */
export const GOAL_TYPE = 'sales_goal';

export interface SalesMonth {
  /** As it was set; null without one. */
  goal: { id: number; version: number; amount: Money | null; deals: number | null } | null;
  /** All amounts in minor units of the currency of the company. */
  planned: number | null;
  won: { count: number; amount: number | null };
  open: { count: number; amount: number | null; weighted: number | null };
  /** Currencies without a rate, which are in no number here. */
  unrated: string[];
}

export interface SalesPlanRow {
  /** A user or a team. */
  of: RecordReference;
  /** The users whose deals count for it. */
  people: number[];
  can_edit: boolean;
  months: SalesMonth[];
}

export interface SalesPlan {
  currency: string;
  /** `YYYY-MM`. */
  months: string[];
  has_facts: boolean;
  rows: SalesPlanRow[];
}

export interface SalesPlanQuery {
  from: string;
  to: string;
  team?: number;
  mine?: boolean;
}

/** Beside the lists of deals, so that a change of one makes it stale. */
const KEY = [...keys.lists('deal'), 'plan'] as const;

export function salesPlanQuery(query: SalesPlanQuery) {
  return queryOptions({
    queryKey: [...KEY, query],
    queryFn: ({ signal }) => api.get<SalesPlan>('/sales-plan', { ...query }, signal),
    staleTime: 15_000,
  });
}

/** Shows a change of a plan before it is written, and reads it again after that. */
export function usePatchSalesPlan(query: SalesPlanQuery): { patch: (change: (plan: SalesPlan) => SalesPlan) => void; readAgain: () => Promise<void> } {
  const client = useQueryClient();
  const key = JSON.stringify(query);
  const patch = useCallback(
    (change: (plan: SalesPlan) => SalesPlan) => client.setQueryData<SalesPlan>([...KEY, JSON.parse(key)], (plan) => plan && change(plan)),
    [client, key],
  );
  const readAgain = useCallback(() => client.invalidateQueries({ queryKey: KEY }), [client]);
  return { patch, readAgain };
}

/** Whole percents of a plan; null without one. Done is what is done: 99.9 % is not all of it. */
export function percentOf(done: number | null, planned: number | null): number | null {
  return done === null || planned === null || planned <= 0 ? null : Math.floor((done / planned) * 100);
}
