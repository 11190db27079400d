import { useQueries } from '@tanstack/react-query';
import { useMemo } from 'react';
import { recordPickQuery } from '@/api/records';
import type { ImportProblem, ObjectType, RecordItem } from '@/api/types';

/** As many as one answer holds. */
const AT_ONCE = 20;

/** The cards that rows of a file resemble, by id; those the reader may not see are missing. */
export function useMatchedCards(type: ObjectType | undefined, problems: readonly ImportProblem[]): ReadonlyMap<number, RecordItem> {
  const ids = useMemo(() => [...new Set(problems.map((problem) => problem.match?.id).filter((id) => id != null))], [problems]);
  const parts = Array.from({ length: Math.ceil(ids.length / AT_ONCE) }, (_, index) => ids.slice(index * AT_ONCE, (index + 1) * AT_ONCE));
  return useQueries({
    queries: parts.map((part) => ({ ...recordPickQuery(type?.name ?? '', '', `id in (${part.join(', ')})`), enabled: type !== undefined })),
    combine: (answers) => new Map(answers.flatMap((answer) => answer.data?.items ?? []).map((record) => [record.id, record])),
  });
}
