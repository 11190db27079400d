/**
 * Sets, such as groups, and other short lists that are read as a whole: a tree cannot be drawn from a page of it.
 * A set answers who belongs to it by a filter (`groups has 7`), put in by hand or by its rule.
 */
import { queryOptions, type QueryClient } from '@tanstack/react-query';
import type { JsonCondition } from '@/util/filter-json';
import { api } from './client';
import { keys } from './keys';
import type { Page, RecordItem } from './types';

const PAGE_SIZE = 200;
/** More are not read: by then the tree is no way to find one any more, the search in a field still is. */
export const MOST_READ = 10_000;

/** All records of a type, by title. */
export function allRecordsQuery(type: string, fields: string) {
  return queryOptions({
    queryKey: [...keys.lists(type), 'all', fields],
    queryFn: async ({ signal }) => {
      const items: RecordItem[] = [];
      let cursor: string | null = null;
      do {
        const page: Page<RecordItem> = await api.get(`/records/${type}`, { fields, limit: PAGE_SIZE, cursor }, signal);
        items.push(...page.items);
        cursor = page.next_cursor;
      } while (cursor !== null && items.length < MOST_READ);
      return items;
    },
    staleTime: 60_000,
  });
}

/** A set to which a record belongs by a rule. */
export interface SetByRule {
  /** The field that names the sets into which the record was put. */
  field: string;
  id: number;
  title: string;
}

/** The sets to which a record belongs by their rules; read again whenever the record is. */
export function setsByRuleQuery(type: string, id: number) {
  return queryOptions({
    queryKey: [...keys.record(type, id), 'sets'],
    queryFn: ({ signal }) => api.get<{ items: SetByRule[] }>(`/records/${type}/${id}/sets`, undefined, signal),
    staleTime: 15_000,
  });
}

/** The verdict of a filter on a record, part by part; one of `and`, `or`, `not`, `all`, `condition` is there. */
export interface Explanation {
  holds: boolean;
  and?: Explanation[];
  or?: Explanation[];
  not?: Explanation;
  all?: boolean;
  condition?: JsonCondition;
}

export function explanationQuery(type: string, id: number, filter: string) {
  return queryOptions({
    queryKey: [...keys.record(type, id), 'explain', filter],
    queryFn: ({ signal }) => api.get<Explanation>(`/records/${type}/${id}/explain`, { filter }, signal),
    staleTime: 15_000,
  });
}

/** Puts what the server has just answered into the lists read as a whole, so that nothing jumps back before they are read again. */
export function replaceInAll(client: QueryClient, type: string, record: RecordItem): void {
  client.setQueriesData<RecordItem[]>({ queryKey: [...keys.lists(type), 'all'] }, (items) =>
    items?.map((item) => (item.id === record.id ? record : item)),
  );
}
