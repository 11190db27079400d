/** Rates of currencies: what is stored, and writing that of a day. */
import { queryOptions, useMutation, useQueryClient } from '@tanstack/react-query';
import { api, newIdempotencyKey } from './client';
import { keys } from './keys';
import { forgetRecords } from './records';
import { forgetSums } from './sums';
import type { Page, RecordItem, WriteAnswer } from './types';

export const CURRENCY_TYPE = 'currency';
export const RATE_TYPE = 'currency_rate';

/** A rate as the screens use it. */
export interface Rate {
  id: number;
  version: number;
  date: string;
  rate: number;
  units: number;
}

function readRate({ id, version, values }: RecordItem): Rate {
  return { id, version, date: String(values.date ?? ''), rate: Number(values.rate), units: Number(values.units ?? 1) };
}

function ratesOf(currency: number, base: string, dates: string, signal?: AbortSignal): Promise<Page<RecordItem>> {
  const filter = `currency = ${currency} and base = "${base}" and date ${dates}`;
  return api.get<Page<RecordItem>>(`/records/${RATE_TYPE}`, { filter, sort: '-date', limit: 1 }, signal);
}

/** The rate that counts on a day: the newest on or before it. */
export function rateOfDayQuery(currency: number, base: string, day: string) {
  return queryOptions({
    queryKey: [...keys.lists(RATE_TYPE), 'of_day', currency, base, day],
    queryFn: async ({ signal }): Promise<Rate | null> => {
      const [newest] = (await ratesOf(currency, base, `<= ${day}`, signal)).items;
      return newest === undefined ? null : readRate(newest);
    },
    staleTime: 60_000,
  });
}

export interface NewRate {
  currency: number;
  date: string;
  rate: number;
  units: number;
}

/** Writes rates of days one after the other; one that is there already is changed. Answers how many are stored. */
export function useWriteRates(base: string) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: async (rates: readonly NewRate[]): Promise<number> => {
      for (const { currency, date, rate, units } of rates) {
        const [stored] = (await ratesOf(currency, base, `= ${date}`)).items;
        const idempotencyKey = newIdempotencyKey();
        if (stored === undefined) await api.post<WriteAnswer>(`/records/${RATE_TYPE}`, { values: { currency, date, rate, units } }, { idempotencyKey });
        else await api.patch<WriteAnswer>(`/records/${RATE_TYPE}/${stored.id}`, { values: { rate, units } }, { version: stored.version, idempotencyKey });
      }
      return rates.length;
    },
    // What was stored before one was refused counts, too.
    onSettled: () => {
      forgetRecords(client, RATE_TYPE);
      forgetSums(client);
    },
  });
}
