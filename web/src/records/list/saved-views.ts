/** Saved views, one's own and those that others share: records of type `saved_view` whose definition is a list address. */
import { queryOptions } from '@tanstack/react-query';
import { api } from '@/api/client';
import { keys } from '@/api/keys';
import type { Page, RecordItem, RecordReference, Session } from '@/api/types';
import { parseColumns } from './columns';
import { readListSearch, type ListSearch } from './list-search';

export const SHARINGS = ['private', 'people', 'all'] as const;
export type Sharing = (typeof SHARINGS)[number];

export interface SavedView {
  id: number;
  version: number;
  /** The object type whose list it shows. */
  type: string;
  name: string;
  search: ListSearch;
  sharing: Sharing;
  /** The colleagues who see it, where it is shared with some. */
  people: readonly RecordReference[];
  /** Who made it; null for oneself. A shared view says it, lest two of one name be mixed up. */
  maker: string | null;
  /** Its maker may change and delete it; a shared one also an administrator. */
  canEdit: boolean;
  canDelete: boolean;
}

/** The definition as it is stored: `{filter, sort, columns: [{field, width}], look, search, section}`, of a board also `{by, within, sum}`, of a pivot table `{rows, by, sum, figure}`, of a time axis `{by, span}`. */
export function writeDefinition(search: ListSearch): string {
  const { filter, sort, columns, look, q, section, by, within, sum } = search;
  return JSON.stringify({
    filter: filter ?? null,
    sort: sort ?? null,
    columns: columns === undefined ? null : parseColumns(columns).map(({ name, width }) => ({ field: name, width })),
    look: look ?? null,
    search: q ?? null,
    section: section ?? null,
    ...(look === 'board' ? { board: { by, within, sum } } : look === 'pivot' ? { pivot: { rows: search.rows, by, sum, figure: search.figure } } : look === 'axis' ? { axis: { by, span: search.span } } : {}),
  });
}

export function readDefinition(text: unknown): ListSearch {
  if (typeof text !== 'string') return {};
  try {
    const definition: unknown = JSON.parse(text);
    if (typeof definition !== 'object' || definition === null) return {};
    const { filter, sort, columns, look, search: q, section, board, pivot, axis } = definition as Readonly<Record<string, unknown>>;
    return readListSearch({ filter, sort, columns: printColumns(columns), look, q, section, ...((board ?? pivot ?? axis ?? {}) as object) });
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
    type: typeof record.values.object_type === 'string' ? record.values.object_type : '',
    name: typeof record.values.name === 'string' ? record.values.name : record.title,
    search: readDefinition(record.values.definition),
    sharing: SHARINGS.find((sharing) => sharing === record.values.sharing) ?? 'private',
    people: Array.isArray(record.values.people) ? (record.values.people as RecordReference[]) : [],
    maker: record.created_by === null || record.created_by.id === userId ? null : record.created_by.title,
    canEdit: record.can_edit,
    canDelete: record.can_delete,
  };
}

/** All views that the person sees, in their order. */
export const savedViewsQuery = queryOptions({
  queryKey: [...keys.lists('saved_view'), 'all'],
  queryFn: async ({ signal }) => {
    const views: RecordItem[] = [];
    let cursor: string | null = null;
    do {
      const page: Page<RecordItem> = await api.get<Page<RecordItem>>('/records/saved_view', { sort: 'position', limit: 200, cursor }, signal);
      views.push(...page.items);
      cursor = page.next_cursor;
    } while (cursor !== null);
    return views;
  },
  staleTime: 60_000,
});

/** The views of a type: one's own first, then those of others, each in its order. */
export function viewsOf(type: string, records: readonly RecordItem[], userId: number): SavedView[] {
  return records
    .map((record) => readView(record, userId))
    .filter((view) => view.type === type)
    .sort((a, b) => Number(a.maker !== null) - Number(b.maker !== null));
}

/** The view that opens instead of a bare list or section: the person's own choice before that of the company. */
export function firstView(type: string, section: string | undefined, records: readonly RecordItem[], session: Session): SavedView | undefined {
  const { user, installation } = session;
  const views = viewsOf(type, records, user.id).filter((view) => view.search.section === section);
  return [...user.default_views, ...installation.default_views].map((id) => views.find((view) => view.id === id)).find((view) => view !== undefined);
}

/** What opens first once `view` does (or no longer does): one for each type and section. */
export function firstViewsWith(view: SavedView, isFirst: boolean, chosen: readonly number[], views: readonly SavedView[]): number[] {
  const ofTheSame = new Set(views.filter(({ type, search }) => type === view.type && search.section === view.search.section).map(({ id }) => id));
  const others = chosen.filter((id) => id !== view.id && !ofTheSame.has(id));
  return isFirst ? [...others, view.id] : others;
}

/** The address that shows a view: everything it says, and nothing from before. */
export function viewSearch(view: SavedView): ListSearch {
  const { section, filter, sort, columns, look, by, within, sum, q, rows, figure, span } = view.search;
  return { section, filter, sort, columns, look, by, within, sum, q, rows, figure, span, view: view.id, figures: undefined, asOf: undefined, open: undefined, at: undefined, place: undefined };
}

/** The person has changed something since choosing the view. */
export function isChanged(view: SavedView, search: ListSearch): boolean {
  return writeDefinition(view.search) !== writeDefinition(search);
}
