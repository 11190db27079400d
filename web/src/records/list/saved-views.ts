/** Saved views, one's own and those shared with everyone: records of type `saved_view` whose definition is a list address. */
import { queryOptions } from '@tanstack/react-query';
import { api } from '@/api/client';
import { keys } from '@/api/keys';
import type { Page, RecordItem } from '@/api/types';
import { printFilter } from '@/util/filter-text';
import { parseColumns } from './columns';
import { readListSearch, type ListSearch } from './list-search';

export type Sharing = 'private' | 'all';

export interface SavedView {
  id: number;
  version: number;
  name: string;
  search: ListSearch;
  sharing: Sharing;
  /** Who made it; null for oneself. A shared view says it, lest two of one name be mixed up. */
  maker: string | null;
  /** Its maker may change and delete it; a shared one also an administrator. */
  canEdit: boolean;
  canDelete: boolean;
}

/** The definition as it is stored: `{filter, sort, columns: [{field, width}], look, search, section}`. */
export function writeDefinition(search: ListSearch): string {
  const { filter, sort, columns, look, q, section } = search;
  return JSON.stringify({
    filter: filter ?? null,
    sort: sort ?? null,
    columns: columns === undefined ? null : parseColumns(columns).map(({ name, width }) => ({ field: name, width })),
    look: look ?? null,
    search: q ?? null,
    section: section ?? null,
  });
}

export function readDefinition(text: unknown): ListSearch {
  if (typeof text !== 'string') return {};
  try {
    const definition: unknown = JSON.parse(text);
    if (typeof definition !== 'object' || definition === null) return {};
    const { filter, sort, columns, look, search: q, section } = definition as Readonly<Record<string, unknown>>;
    return readListSearch({ filter, sort, columns: printColumns(columns), look, q, section });
  } catch {
    return {};
  }
}

function printColumns(columns: unknown): string | undefined {
  if (!Array.isArray(columns)) return undefined;
  return (columns as readonly unknown[])
    .map((column) => {
      if (typeof column !== 'object' || column === null || !('field' in column) || typeof column.field !== 'string') return '';
      return 'width' in column && typeof column.width === 'number' ? `${column.field}:${column.width}` : column.field;
    })
    .filter((column) => column !== '')
    .join(',');
}

export function readView(record: RecordItem, userId: number): SavedView {
  return {
    id: record.id,
    version: record.version,
    name: typeof record.values.name === 'string' ? record.values.name : record.title,
    search: readDefinition(record.values.definition),
    sharing: record.values.sharing === 'all' ? 'all' : 'private',
    maker: record.created_by === null || record.created_by.id === userId ? null : record.created_by.title,
    canEdit: record.can_edit,
    canDelete: record.can_delete,
  };
}

/** The views of a type: one's own first, then those of others, each in its order. */
export function savedViewsQuery(type: string, userId: number) {
  const filter = printFilter([{ field: 'object_type', part: null, operator: '=', values: [{ form: 'text', text: type }] }]);
  return queryOptions({
    queryKey: [...keys.lists('saved_view'), 'of', type],
    queryFn: ({ signal }) => api.get<Page<RecordItem>>('/records/saved_view', { filter, sort: 'position', limit: 100 }, signal),
    select: (page) => page.items.map((record) => readView(record, userId)).sort((a, b) => Number(a.maker !== null) - Number(b.maker !== null)),
    staleTime: 60_000,
  });
}

/** The address that shows a view: everything it says, and nothing from before. */
export function viewSearch(view: SavedView): ListSearch {
  const { section, filter, sort, columns, look, q } = view.search;
  return { section, filter, sort, columns, look, q, view: view.id, open: undefined, at: undefined, place: undefined };
}

/** The person has changed something since choosing the view. */
export function isChanged(view: SavedView, search: ListSearch): boolean {
  return writeDefinition(view.search) !== writeDefinition(search);
}
