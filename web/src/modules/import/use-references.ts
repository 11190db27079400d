import { useInfiniteQuery } from '@tanstack/react-query';
import { recordListQuery } from '@/api/records';
import type { FieldValue, RecordReference } from '@/api/types';

function idsIn(value: FieldValue): number[] {
  const entries: readonly unknown[] = Array.isArray(value) ? value : [value];
  return entries.filter((entry): entry is number => typeof entry === 'number');
}

/** Ids of records as references with their titles; an import keeps what was chosen as ids. Without a type the value is left alone. */
export function useReferences(type: string | undefined, value: FieldValue): FieldValue {
  const ids = idsIn(value);
  const isWanted = type !== undefined && ids.length > 0;
  const records = useInfiniteQuery({
    ...recordListQuery(type ?? '', { filter: `id in (${ids.join(', ')})` }),
    enabled: isWanted,
  });
  if (!isWanted) return value;
  const found = records.data?.pages.flatMap((page) => page.items) ?? [];
  const references: RecordReference[] = ids.map((id) => ({
    id,
    type,
    title: found.find((record) => record.id === id)?.title ?? `№ ${id}`,
  }));
  return Array.isArray(value) ? references : references[0];
}
