import { useInfiniteQuery } from '@tanstack/react-query';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { useErrorText } from '@/api/errors';
import { importProblemsQuery } from '@/api/imports';
import type { ImportProblem } from '@/api/types';
import { Button } from '@/ui/Button';
import { ErrorState } from '@/ui/EmptyState';
import { Skeleton } from '@/ui/Skeleton';
import styles from './ProblemPages.module.css';

export interface ProblemPagesProps {
  importId: number;
  kind: ImportProblem['kind'];
  /** What stands here when there is nothing. */
  empty: string;
  children: (problems: ImportProblem[]) => ReactNode;
}

/** The problems of one kind, page by page. */
export function ProblemPages({ importId, kind, empty, children }: ProblemPagesProps) {
  const { t } = useTranslation('import');
  const errorText = useErrorText();
  const query = useInfiniteQuery(importProblemsQuery(importId, kind));
  const problems = query.data?.pages.flatMap((page) => page.items) ?? [];
  if (query.isPending) return <Skeleton lines={6} label={t('loading')} />;
  if (query.isError && problems.length === 0) {
    return <ErrorState message={errorText(query.error)} onRetry={() => void query.refetch()} />;
  }
  if (problems.length === 0) return <p className={styles.empty}>{empty}</p>;
  return (
    <>
      {children(problems)}
      {query.hasNextPage && (
        <Button size="small" className={styles.more} isBusy={query.isFetchingNextPage} onClick={() => void query.fetchNextPage()}>
          {t('check.more')}
        </Button>
      )}
    </>
  );
}
