import { useLocation } from '@tanstack/react-router';
import { useCatalog } from '@/api/catalog';
import type { ObjectType } from '@/api/types';

export interface CreateTarget {
  type: ObjectType;
  /** The section the person looks at, which decides what is created. */
  section: string | undefined;
}

/** What "Create" makes here: a record of the type on the screen, else of the first type; null without the right. */
export function useCreateTarget(): CreateTarget | null {
  const { object_types: types } = useCatalog();
  const { pathname, search } = useLocation();
  const shown = types.find((type) => pathname === `/records/${type.name}` || pathname.startsWith(`/records/${type.name}/`));
  const type = shown ?? types.find((candidate) => !candidate.is_system);
  if (type === undefined || !type.permissions.create) return null;
  const section = shown !== undefined && 'section' in search && typeof search.section === 'string' ? search.section : undefined;
  return { type, section };
}
