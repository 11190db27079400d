import { useInfiniteQuery, useQuery } from '@tanstack/react-query';
import { useEffect, useMemo, useRef, useState, type ComponentType } from 'react';
import { useTranslation } from 'react-i18next';
import { recordCountQuery, recordListQuery } from '@/api/records';
import { useErrorText } from '@/api/errors';
import type { ObjectType, RecordItem } from '@/api/types';
import { Banner } from '@/ui/Banner';
import { Button } from '@/ui/Button';
import { ErrorState } from '@/ui/EmptyState';
import { lazyPart } from '@/ui/lazy-part';
import { Skeleton } from '@/ui/Skeleton';
import { useFormat } from '@/ui/use-format';
import { useNarrow } from '@/ui/use-narrow';
import { useTitle } from '@/ui/use-title';
import { FilterBar } from '../filter-bar/FilterBar';
import { shapesOf } from '../record-shape';
import { BulkBar } from './BulkBar';
import { EmptyList } from './EmptyList';
import styles from './RecordList.module.css';
import { preloadAtFirstMove, RecordPanel, RowMenu } from './lazy-parts';
import { shownLook, type Look } from './list-search';
import { RecordTable, type RecordTableProps } from './RecordTable';
import type { RowMenuPlace } from './row-menu-place';
import { Totals } from './Totals';
import { useListState } from './use-list-state';
import { useSelection } from './use-selection';
import { ViewTabs } from './ViewTabs';

const MoneyTotals = lazyPart(() => import('../money/MoneyTotals'), 'MoneyTotals');
const PastBanner = lazyPart(() => import('../past/PastBanner'), 'PastBanner');
const PastRecord = lazyPart(() => import('../past/PastRecord'), 'PastRecord');

/** They read their records by themselves. */
const RecordBoard = lazyPart(() => import('../board/RecordBoard'), 'RecordBoard');
const RecordAxis = lazyPart(() => import('../axis/RecordAxis'), 'RecordAxis');
const RecordPivot = lazyPart(() => import('../pivot/RecordPivot'), 'RecordPivot');

const VIEWS: Readonly<Record<Exclude<Look, 'board' | 'pivot' | 'axis'>, ComponentType<RecordTableProps>>> = {
  list: RecordTable,
  sheet: lazyPart(() => import('../sheet/Sheet'), 'Sheet'),
  tiles: lazyPart(() => import('../tiles/RecordTiles'), 'RecordTiles'),
  tree: lazyPart(() => import('../tree/RecordTree'), 'RecordTree'),
  map: lazyPart(() => import('../map/RecordMap'), 'RecordMap'),
};

const NO_RECORDS: RecordItem[] = [];

/** View tabs, a line of chips, the table, the totals, and the panel of the opened record. */
export function RecordList({ type }: { type: ObjectType }) {
  const { t } = useTranslation('records');
  const format = useFormat();
  const errorText = useErrorText();
  const state = useListState(type);
  const { query, search, change } = state;
  const isNarrow = useNarrow();
  const isPast = search.asOf !== undefined;
  // Of the past there is the list alone.
  const look = isPast ? 'list' : shownLook(search.look, isNarrow, shapesOf(type));
  const isPivot = look === 'pivot';
  const isBoard = look === 'board' || look === 'axis' || isPivot;
  const list = useInfiniteQuery({ ...recordListQuery(type.name, query), placeholderData: (previous) => previous, enabled: !isBoard });
  const count = useQuery(recordCountQuery(type.name, query));
  const records = useMemo(() => list.data?.pages.flatMap((page) => page.items) ?? NO_RECORDS, [list.data]);
  const ids = useMemo(() => records.map((record) => record.id), [records]);
  const selection = useSelection(JSON.stringify([query.filter, query.search, search.section]), ids);
  const isCapped = list.data?.pages[0]?.is_capped === true;
  const searchField = useRef<HTMLInputElement>(null);
  const [menu, setMenu] = useState<RowMenuPlace | null>(null);
  const Records = look === 'board' || look === 'axis' || look === 'pivot' ? null : VIEWS[look];
  const money = state.columns.filter(({ field }) => field.kind === 'money' && field.settings.is_price !== true).map(({ field }) => field.name);
  const heading = format.label(state.section?.labels ?? type.labels_plural);
  useTitle(heading);
  useEffect(preloadAtFirstMove, []);

  async function loadUpTo(wanted: number): Promise<readonly RecordItem[]> {
    let loaded = records;
    let result: Pick<typeof list, 'hasNextPage' | 'fetchNextPage'> = list;
    while (loaded.length < wanted && result.hasNextPage) {
      const next = await result.fetchNextPage();
      if (next.isError) break;
      loaded = next.data?.pages.flatMap((page) => page.items) ?? loaded;
      result = next;
    }
    return loaded;
  }

  return (
    <div className={styles.screen}>
      <div className={styles.main}>
        <h1 className={styles.heading}>{heading}</h1>
        <ViewTabs type={type} state={state} />
        <FilterBar type={type} state={state} searchField={searchField} />
        {search.asOf !== undefined && <PastBanner at={search.asOf} onLeave={() => change({ asOf: undefined, open: undefined })} />}
        {list.isError && records.length > 0 && (
          <Banner tone="error" actions={<Button size="small" onClick={() => void list.refetch()}>{t('try_again')}</Button>}>
            {errorText(list.error)}
          </Banner>
        )}
        <div className={styles.body} data-past={isPast || undefined}>
          {isPivot ? (
            <RecordPivot type={type} state={state} />
          ) : look === 'axis' ? (
            <RecordAxis type={type} label={heading} state={state} selection={selection} count={count.data} />
          ) : Records === null ? (
            <RecordBoard type={type} label={heading} state={state} selection={selection} count={count.data} onStartSearch={() => searchField.current?.focus()} />
          ) : list.isError && records.length === 0 ? (
            <ErrorState message={errorText(list.error)} onRetry={() => void list.refetch()} />
          ) : list.isPending ? (
            <div className={styles.waiting}>
              <Skeleton lines={14} label={t('loading')} />
            </div>
          ) : records.length === 0 ? (
            <EmptyList type={type} state={state} />
          ) : (
            <Records
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
              loadUpTo={loadUpTo}
              onStartSearch={() => searchField.current?.focus()}
              onMenu={setMenu}
            />
          )}
          {!isPast && <BulkBar type={type} state={state} selection={selection} count={count.data} />}
          {menu !== null && !isPast && (
            <RowMenu type={type} state={state} selection={selection} count={count.data} records={records} place={menu} onClose={() => setMenu(null)} />
          )}
        </div>
        {/* A map, a board, a pivot table and a time axis count for themselves. */}
        {look !== 'map' && !isBoard && (
          <Totals shown={records.length} count={count.data} isCapped={isCapped} isStale={list.isPlaceholderData || list.isFetching}>
            {money.length > 0 && !isPast && records.length > 0 && <MoneyTotals type={type} query={query} fields={money} filter={search.filter} period={search.figures} onPeriod={(figures) => change({ figures }, { replace: search.figures !== undefined })} />}
          </Totals>
        )}
      </div>
      {search.open !== undefined && search.asOf !== undefined && (
        <PastRecord key={search.open} type={type} id={search.open} at={search.asOf} onClose={() => change({ open: undefined })} />
      )}
      {search.open !== undefined && !isPast && (
        <RecordPanel key={search.open} type={type} id={search.open} list={search} onClose={() => change({ open: undefined })} />
      )}
    </div>
  );
}
