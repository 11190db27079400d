import { IconList, IconX } from '@tabler/icons-react';
import { useInfiniteQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import { useErrorText } from '@/api/errors';
import { recordListQuery } from '@/api/records';
import type { ObjectType } from '@/api/types';
import { Button } from '@/ui/Button';
import { ErrorState } from '@/ui/EmptyState';
import { IconButton } from '@/ui/IconButton';
import { Skeleton } from '@/ui/Skeleton';
import { useFormat } from '@/ui/use-format';
import { useShortcuts } from '@/ui/use-shortcuts';
import { classNames } from '@/util/class-names';
import { bothFilters, printFilter, type FilterCondition } from '@/util/filter-text';
import { TitleLink } from '../list/TitleLink';
import type { ListState } from '../list/use-list-state';
import { paths } from '../paths';
import type { Cluster } from './map-queries';
import styles from './RecordMap.module.css';
import { printBounds, type Bounds } from './world';

export interface PlacePanelProps {
  type: ObjectType;
  state: ListState;
  bounds: Bounds;
  /** What stands there, when it is in sight. */
  cluster: Cluster | null;
  onClose: () => void;
}

/** The condition that finds a town as its addresses write it. */
export function townFilter(field: string, { cities, country }: { cities: readonly string[]; country: string | null }): string {
  const values = (texts: readonly string[]): FilterCondition['values'] => texts.map((text) => ({ form: 'text', text }));
  const conditions: FilterCondition[] = [{ field, part: 'city', operator: cities.length === 1 ? '=' : 'in', values: values(cities) }];
  if (country !== null) conditions.push({ field, part: 'country', operator: '=', values: values([country]) });
  return printFilter(conditions);
}

/** Who stands at one place of the map, when looking closer does not tell them apart. */
export function PlacePanel({ type, state, bounds, cluster, onClose }: PlacePanelProps) {
  const { t } = useTranslation('records');
  const format = useFormat();
  const errorText = useErrorText();
  const { query, search } = state;
  const list = useInfiniteQuery(recordListQuery(type.name, { ...query, bbox: printBounds(bounds) }));
  const records = list.data?.pages.flatMap((page) => page.items) ?? [];
  const field = type.fields.find((candidate) => candidate.kind === 'addresses')?.name;
  const title = cluster?.city ?? t('map.here');
  // With a card open beside the map the key closes that first.
  useShortcuts(search.open === undefined ? { Escape: onClose } : {});

  return (
    <aside className={styles.panel} aria-label={title}>
      <header className={styles.panelHead}>
        <h2 className={styles.panelTitle} title={title}>
          {title}
          {cluster !== null && <span className={styles.panelCount}>{format.number(cluster.count)}</span>}
        </h2>
        {cluster?.town != null && field !== undefined && (
          <Link
            {...paths.list(type.name, { ...search, look: undefined, at: undefined, place: undefined, open: undefined, filter: bothFilters(search.filter, townFilter(field, cluster.town)) })}
            className={styles.asList}
            aria-label={t('map.as_list')}
            title={t('map.as_list')}
          >
            <IconList size={16} aria-hidden="true" />
          </Link>
        )}
        <IconButton label={t('map.close')} icon={<IconX size={16} />} onClick={onClose} />
      </header>
      <div className={styles.panelBody}>
        {list.isError && records.length === 0 ? (
          <ErrorState message={errorText(list.error)} onRetry={() => void list.refetch()} />
        ) : list.isPending ? (
          <Skeleton lines={6} label={t('loading')} />
        ) : (
          <>
            <ul className={styles.records}>
              {records.map((record) => (
                <li key={record.id}>
                  <TitleLink
                    type={type}
                    record={record}
                    listSearch={search}
                    className={classNames(styles.record, record.id === search.open && styles.openRecord)}
                    textClassName={styles.recordTitle}
                    isInTabOrder
                  />
                </li>
              ))}
            </ul>
            {records.length === 0 && <p className={styles.none}>{t('map.nobody')}</p>}
            {list.hasNextPage && (
              <Button size="small" isBusy={list.isFetchingNextPage} onClick={() => void list.fetchNextPage()}>
                {t('map.more')}
              </Button>
            )}
          </>
        )}
      </div>
    </aside>
  );
}
