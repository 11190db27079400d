/** Boards: a list in columns by a choice field. */
import { queryOptions, useQueryClient, type QueryClient } from '@tanstack/react-query';
import { useCallback } from 'react';
import { bothFilters } from '@/util/filter-text';
import { api } from './client';
import { keys } from './keys';
import type { FieldValue, RecordCount, RecordItem, RecordPage } from './types';

/** What a board asks the server for. */
export interface BoardQuery {
  /** The field whose options are the columns. */
  field: string;
  /** Of a field whose options stand within those of another: that field, and the option whose records alone are shown. */
  within?: { field: string; option: string };
  /** A field of money or numbers to add up. */
  sum?: string;
  filter?: string;
  sort?: string;
  search?: string;
  fields?: string;
}

export interface BoardSum {
  /** Null for numbers. */
  currency: string | null;
  /** Of money in minor units. */
  amount: number;
}

/** What a column comes to. */
export interface BoardTally {
  /** The key of the option; null for the records without a value. */
  option: string | null;
  /** Null where it is not known yet, and where counting took too long. */
  count: Omit<RecordCount, 'count'> & { count: number | null };
  /** Null when nothing is added up, and when there are too many records for it. */
  sums: BoardSum[] | null;
}

/** A column with the cards that are loaded. */
export interface BoardPage extends BoardTally {
  items: RecordItem[];
  next_cursor: string | null;
  is_capped: boolean;
}

/** What the cache holds: columns are the pages of the board, so that whatever changes cached records changes its cards, too. */
export interface Board {
  pages: BoardPage[];
  /** All of it is read again at once, however many columns there are. */
  isWhole: true;
}

/** Cards of a column at first, and of each further page. */
const FIRST_CARDS = 20;
const MORE_CARDS = 50;
/** A column that was scrolled further than this is read again only so far. */
const READ_AGAIN = 200;

function boardKey(type: string, { within, field, sum, ...list }: BoardQuery) {
  return [...keys.list(type, list), 'board', field, within?.option ?? null, sum ?? null] as const;
}

function tallyKey(type: string, { within, field, sum, filter, search }: BoardQuery) {
  return [...keys.list(type, { filter, search }), 'tally', field, within?.option ?? null, sum ?? null] as const;
}

/** A column with one record more or less in it, of which this is added up. */
export function tallyWith<Column extends BoardTally>(column: Column, added: BoardSum | null, sign: 1 | -1): Column {
  const { count, sums } = column;
  const next = count.count === null || count.is_capped ? count : { ...count, count: count.count + sign };
  if (sums === null || added === null) return { ...column, count: next };
  const same = sums.find(({ currency }) => currency === added.currency);
  const amount = (same?.amount ?? 0) + sign * added.amount;
  return { ...column, count: next, sums: [...sums.filter((sum) => sum !== same), { ...added, amount }].filter((sum) => sum.amount !== 0) };
}

/** The filter of one column as a list. */
export function columnFilter({ field, within, filter }: BoardQuery, option: string | null): string | undefined {
  const above = within === undefined ? filter : bothFilters(filter, `${within.field} = ${within.option}`);
  return bothFilters(above, option === null ? `${field} is empty` : `${field} = ${option}`);
}

/** A column with one more page of its list. */
async function grown(type: string, query: BoardQuery, column: BoardPage, signal?: AbortSignal): Promise<BoardPage> {
  const { sort, search, fields } = query;
  const request = { filter: columnFilter(query, column.option), sort, search, fields, limit: MORE_CARDS, cursor: column.next_cursor };
  const page = await api.get<RecordPage>(`/records/${type}`, request, signal);
  return withPage(column, page);
}

function settled(page: BoardPage, record: RecordItem, to: string | null): BoardPage {
  const others = page.items.filter(({ id }) => id !== record.id);
  return { ...page, items: page.option === to ? [record, ...others] : others };
}

/** What of a value is added up. */
export function addend(value: FieldValue): BoardSum | null {
  if (typeof value === 'number') return { currency: null, amount: value };
  return typeof value === 'object' && value !== null && 'amount' in value ? { currency: value.currency, amount: value.amount } : null;
}

/** Puts a page behind the cards of a column; a card that has moved meanwhile stands there once. */
export function withPage(column: BoardPage, page: RecordPage): BoardPage {
  const known = new Set(column.items.map((record) => record.id));
  return { ...column, items: [...column.items, ...page.items.filter((record) => !known.has(record.id))], next_cursor: page.next_cursor };
}

async function readBoard(client: QueryClient, type: string, query: BoardQuery, signal: AbortSignal): Promise<Board> {
  const { within, ...rest } = query;
  const before = client.getQueryData<Board>(boardKey(type, query));
  const asked = { ...rest, sum: undefined, within: within?.option, limit: FIRST_CARDS, counts: false };
  const { columns } = await api.get<{ columns: BoardPage[] }>(`/records/${type}/board`, asked, signal);
  const pages = columns.map(async (column) => {
    const loaded = before?.pages.find(({ option }) => option === column.option)?.items.length ?? 0;
    let again = column;
    while (again.next_cursor !== null && again.items.length < Math.min(loaded, READ_AGAIN)) again = await grown(type, query, again, signal);
    return again;
  });
  return { pages: await Promise.all(pages), isWhole: true };
}

export function boardQuery(client: QueryClient, type: string, query: BoardQuery) {
  return queryOptions({
    queryKey: boardKey(type, query),
    queryFn: ({ signal }) => readBoard(client, type, query, signal),
    staleTime: 15_000,
  });
}

/** How many each column has and what they come to: the cards do not wait for it. */
export function boardTallyQuery(type: string, query: BoardQuery) {
  const { within, sort: _, fields: __, ...rest } = query;
  return queryOptions({
    queryKey: tallyKey(type, query),
    queryFn: async ({ signal }) => {
      const { columns } = await api.get<{ columns: BoardTally[] }>(`/records/${type}/board`, { ...rest, within: within?.option, limit: 0 }, signal);
      return columns.map(({ option, count, sums }) => ({ option, count, sums }));
    },
    staleTime: 15_000,
  });
}

/** Reads more of a column, and keeps what has moved. */
export function useBoard(type: string, query: BoardQuery): { growColumn: (option: string | null) => Promise<void>; settle: (id: number, to: string | null) => void } {
  const client = useQueryClient();
  const key = JSON.stringify(query);
  const growColumn = useCallback(
    async (option: string | null) => {
      const asked = JSON.parse(key) as BoardQuery;
      const queryKey = boardKey(type, asked);
      const column = client.getQueryData<Board>(queryKey)?.pages.find((page) => page.option === option);
      if (column === undefined || column.next_cursor === null) return;
      const more = await grown(type, asked, column);
      client.setQueryData<Board>(queryKey, (board) => {
        if (board === undefined) return undefined;
        // Read again meanwhile: what was asked for goes on where the column ended then.
        const pages = board.pages.map((page) => (page.option === option && page.next_cursor === column.next_cursor ? withPage(page, { ...more, items: more.items }) : page));
        return { ...board, pages };
      });
    },
    [client, type, key],
  );
  const settle = useCallback(
    (id: number, to: string | null) => {
      const asked = JSON.parse(key) as BoardQuery;
      const from = client.getQueryData<Board>(boardKey(type, asked))?.pages.find((page) => page.option !== to && page.items.some((record) => record.id === id));
      const record = from?.items.find((candidate) => candidate.id === id);
      // Both are put right by hand, for they are read again one after the other.
      if (from !== undefined && record !== undefined) {
        client.setQueryData<Board>(boardKey(type, asked), (board) => board && { ...board, pages: board.pages.map((page) => settled(page, record, to)) });
        const added = addend(asked.sum === undefined ? null : record.values[asked.sum]);
        client.setQueryData<BoardTally[]>(tallyKey(type, asked), (columns) =>
          columns?.map((column) => (column.option === from.option ? tallyWith(column, added, -1) : column.option === to ? tallyWith(column, added, 1) : column)),
        );
      }
      void client.invalidateQueries({ queryKey: boardKey(type, asked), exact: true });
      void client.invalidateQueries({ queryKey: tallyKey(type, asked), exact: true });
      void client.invalidateQueries({ queryKey: [...keys.lists(type), 'figures'] });
    },
    [client, type, key],
  );
  return { growColumn, settle };
}
