import { useNavigate, useSearch } from '@tanstack/react-router';
import { useCallback, useMemo } from 'react';
import type { ObjectType, RecordQuery, Section } from '@/api/types';
import { bothFilters } from '@/util/filter-text';
import { stateFields } from '../done/done';
import { AVATAR_FIELDS, branchField } from '../record-shape';
import { tileFieldNames } from '../tiles/tile-names';
import { readColumns, type Column } from './columns';
import type { ListSearch } from './list-search';

export interface ListState {
  search: ListSearch;
  section: Section | undefined;
  columns: Column[];
  /** What to ask the server for. */
  query: RecordQuery;
  /** Puts a change into the address; undefined removes a parameter. */
  change: (patch: Partial<ListSearch>, options?: { replace?: boolean }) => void;
}

/** The query of a list from its address; the card uses it too, to walk the list. */
export function listQuery(type: ObjectType, search: ListSearch): RecordQuery {
  const section = type.sections.find((candidate) => candidate.key === search.section);
  const shown = search.look === 'tiles' || search.look === 'tree' ? tileFieldNames(type) : readColumns(type, search.columns).map((column) => column.field.name);
  // The kind and the picture decide the avatar, status and deadline what is done and late, whether or not they are columns.
  const fields = [...new Set([...shown, ...type.fields.map((field) => field.name).filter((name) => AVATAR_FIELDS.includes(name)), ...stateFields(type)])];
  const filter = bothFilters(section?.filter, search.filter);
  return {
    filter: search.look === 'tree' ? treeFilter(type, search, filter) : filter,
    sort: search.look === 'tree' ? type.title_field : (search.sort ?? type.default_sort),
    search: search.q,
    as_of: search.asOf,
    fields: fields.join(','),
  };
}

/** A tree begins at the top, or with what is looked for. */
function treeFilter(type: ObjectType, search: ListSearch, filter: string | undefined): string | undefined {
  const above = branchField(type);
  return above === undefined || search.filter !== undefined || search.q !== undefined ? filter : bothFilters(filter, `${above.name} is empty`);
}

/** The state of the list on the screen: all of it lives in the address. */
export function useListState(type: ObjectType): ListState {
  const search = useSearch({ from: '/frame/records/$type' });
  const navigate = useNavigate({ from: '/records/$type' });
  const change = useCallback<ListState['change']>(
    (patch, options) => {
      void navigate({
        search: (before) => ({ ...before, ...patch }),
        replace: options?.replace ?? false,
      });
    },
    [navigate],
  );
  return useMemo(
    () => ({
      search,
      section: type.sections.find((section) => section.key === search.section),
      columns: readColumns(type, search.columns),
      query: listQuery(type, search),
      change,
    }),
    [search, type, change],
  );
}
