import { useInfiniteQuery } from '@tanstack/react-query';
import { useEffect } from 'react';
import { recordListQuery } from '@/api/records';
import type { ObjectType, RecordQuery } from '@/api/types';

export interface Neighbours {
  /** The place in the list, from one; null if the record is not among what is loaded. */
  position: number | null;
  previous: number | null;
  next: number | null;
}

/** The records before and after one in the list it was opened from. */
export function useNeighbours(type: ObjectType, query: RecordQuery, id: number): Neighbours {
  const { data, hasNextPage, isFetchingNextPage, fetchNextPage } = useInfiniteQuery(recordListQuery(type.name, query));
  const ids = data?.pages.flatMap((page) => page.items.map((record) => record.id)) ?? [];
  const index = ids.indexOf(id);
  const isLastLoaded = index !== -1 && index === ids.length - 1;

  useEffect(() => {
    if (isLastLoaded && hasNextPage && !isFetchingNextPage) void fetchNextPage();
  }, [isLastLoaded, hasNextPage, isFetchingNextPage, fetchNextPage]);

  if (index === -1) return { position: null, previous: null, next: ids[0] ?? null };
  return { position: index + 1, previous: ids[index - 1] ?? null, next: ids[index + 1] ?? null };
}
