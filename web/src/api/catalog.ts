/** The catalog: object types, their fields, and what an administrator may change in them. */
import { queryOptions, useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { api } from './client';
import { showJob } from './jobs';
import { keys } from './keys';
import type { Catalog, ChangedLayout, Field, FieldGroup, FieldKind, FieldSettings, FieldValue, Job, Labels, Layout, ObjectType } from './types';

export const catalogQuery = queryOptions({
  queryKey: keys.catalog,
  queryFn: ({ signal }) => api.get<Catalog>('/catalog', undefined, signal),
  staleTime: Infinity,
});

/** The catalog; screens behind the login always have it. */
export function useCatalog(): Catalog {
  const { data } = useQuery(catalogQuery);
  return data ?? { version: 0, object_types: [] };
}

export function useObjectType(name: string): ObjectType | undefined {
  return useCatalog().object_types.find((type) => type.name === name);
}

/** The catalog as somebody with that role alone sees it; for whoever shapes cards. */
export function catalogAsQuery(role: number) {
  return queryOptions({
    queryKey: keys.catalogAs(role),
    queryFn: ({ signal }) => api.get<Catalog>('/catalog', { as_role: role }, signal),
    staleTime: Infinity,
  });
}

export interface NewField {
  labels: Labels;
  kind: FieldKind;
  settings: FieldSettings;
  group?: FieldGroup;
  is_required?: boolean;
}

export interface FieldChange {
  labels?: Labels;
  settings?: FieldSettings;
  group?: FieldGroup;
  is_required?: boolean;
  is_retired?: boolean;
  hint?: Labels;
  /** Null for none. */
  default?: FieldValue;
  /** On top of what the module says; empty for none. */
  shown_if?: string;
  required_if?: string;
}

export function useAddField(type: string) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (field: NewField) => api.post<Field>(`/catalog/${type}/fields`, field),
    onSuccess: () => client.invalidateQueries({ queryKey: keys.catalog }),
  });
}

export function useChangeField(type: string) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: ({ name, change }: { name: string; change: FieldChange }) =>
      api.patch<Field>(`/catalog/${type}/fields/${name}`, change),
    onSuccess: () => client.invalidateQueries({ queryKey: keys.catalog }),
  });
}

export function useIndexField(type: string) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (name: string) => api.post<{ job: Job }>(`/catalog/${type}/fields/${name}/index`),
    onSuccess: ({ job }) => showJob(client, job),
  });
}

/** Replaces the arrangement of a card; answers the operation that takes it back, or null if nothing was changed. */
export function useSaveLayout(type: string) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: async (layout: Layout): Promise<number | null> => {
      const { operation_id: operation } = await api.put<ChangedLayout>(`/catalog/${type}/layout`, layout);
      await client.invalidateQueries({ queryKey: keys.catalog });
      return operation;
    },
    onSettled: () => client.invalidateQueries({ queryKey: keys.operations }),
  });
}
