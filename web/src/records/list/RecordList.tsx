import { useInfiniteQuery, useQuery } from '@tanstack/react-query';
import { useEffect, useMemo, useRef } from 'react';
import { useTranslation } from 'react-i18next';
import { recordCountQuery, recordListQuery } from '@/api/records';
import { useErrorText } from '@/api/errors';
import type { ObjectType, RecordItem } from '@/api/types';
import { Banner } from '@/ui/Banner';
import { Button } from '@/ui/Button';
import { ErrorState } from '@/ui/EmptyState';
import { Skeleton } from '@/ui/Skeleton';
import { useFormat } from '@/ui/use-format';
import { useTitle } from '@/ui/use-title';
import { FilterBar } from '../filter-bar/FilterBar';
import { BulkBar } from './BulkBar';
import { EmptyList } from './EmptyList';
import styles from './RecordList.module.css';
import { preloadAtFirstMove, RecordPanel } from './lazy-parts';
import { RecordTable } from './RecordTable';
import { Totals } from './Totals';
import { useListState } from './use-list-state';
import { useSelection } from './use-selection';
import { ViewTabs } from './ViewTabs';

const NO_RECORDS: RecordItem[] = [];

/** View tabs, a line of chips, the table, the totals, and the panel of the opened record. */
export function RecordList({ type }: { type: ObjectType }) {
  const { t } = useTranslation('records');
  const format = useFormat();
  const errorText = useErrorText();
  const state = useListState(type);
  const { query, search, change } = state;
  const list = useInfiniteQuery({ ...recordListQuery(type.name, query), placeholderData: (previous) => previous });
  const count = useQuery(recordCountQuery(type.name, query));
  const records = useMemo(() => list.data?.pages.flatMap((page) => page.items) ?? NO_RECORDS, [list.data]);
  const ids = useMemo(() => records.map((record) => record.id), [records]);
  const selection = useSelection(JSON.stringify([query.filter, query.search, search.section]), ids);
  const isCapped = list.data?.pages[0]?.is_capped === true;
  const searchField = useRef<HTMLInputElement>(null);
  const heading = format.label(state.section?.labels ?? type.labels_plural);
  useTitle(heading);
  useEffect(preloadAtFirstMove, []);

  return (
    <div className={styles.screen}>
      <div className={styles.main}>
        <h1 className={styles.heading}>{heading}</h1>
        <ViewTabs type={type} state={state} />
        <FilterBar type={type} state={state} searchField={searchField} />
        {list.isError && records.length > 0 && (
          <Banner tone="error" actions={<Button size="small" onClick={() => void list.refetch()}>{t('try_again')}</Button>}>
            {errorText(list.error)}
          </Banner>
        )}
        <div className={styles.body}>
          {list.isError && records.length === 0 ? (
            <ErrorState message={errorText(list.error)} onRetry={() => void list.refetch()} />
          ) : list.isPending ? (
            <div className={styles.waiting}>
              <Skeleton lines={14} label={t('loading')} />
            </div>
          ) : records.length === 0 ? (
            <EmptyList type={type} state={state} />
          ) : (
            <RecordTable
              type={type}
              label={heading}
              state={state}
              records={records}
              selection={selection}
              isCapped={isCapped}
              hasMore={list.hasNextPage}
              isLoadingMore={list.isFetchingNextPage}
              hasFailedMore={list.isFetchNextPageError}
              onLoadMore={() => void list.fetchNextPage()}
              onStartSearch={() => searchField.current?.focus()}
            />
          )}
          <BulkBar type={type} state={state} selection={selection} count={count.data} records={records} />
        </div>
        <Totals shown={records.length} count={count.data} isCapped={isCapped} isStale={list.isPlaceholderData || list.isFetching} />
      </div>
      {search.open !== undefined && (
        <RecordPanel key={search.open} type={type} id={search.open} list={search} onClose={() => change({ open: undefined })} />
      )}
    </div>
  );
}
