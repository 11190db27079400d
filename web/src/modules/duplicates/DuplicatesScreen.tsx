import { IconArrowsJoin2, IconCopy, IconSearch } from '@tabler/icons-react';
import { useInfiniteQuery, useQuery } from '@tanstack/react-query';
import { useNavigate, useSearch } from '@tanstack/react-router';
import { useState, type ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { useCatalog } from '@/api/catalog';
import { duplicateCountQuery, duplicatesQuery } from '@/api/duplicates';
import { useErrorText } from '@/api/errors';
import { useMay } from '@/api/session';
import type { DuplicateCount, ObjectType } from '@/api/types';
import { Button } from '@/ui/Button';
import { EmptyState, ErrorState } from '@/ui/EmptyState';
import { Page } from '@/ui/Page';
import { Skeleton } from '@/ui/Skeleton';
import { Tabs } from '@/ui/Tabs';
import { useFormat } from '@/ui/use-format';
import { useTitle } from '@/ui/use-title';
import styles from './DuplicatesScreen.module.css';
import { MergeAllDialog } from './MergeAllDialog';
import { Queue } from './Queue';
import { SearchDialog } from './SearchDialog';
import { SearchProgress } from './SearchProgress';

/** What may be one and the same: searched, looked at side by side, merged or told apart. */
export function DuplicatesScreen() {
  const { t } = useTranslation('duplicates');
  const format = useFormat();
  const search = useSearch({ from: '/frame/duplicates' });
  const navigate = useNavigate({ from: '/duplicates' });
  const maySearch = useMay('duplicates');
  const types = useCatalog().object_types.filter((type) => !type.is_system);
  const type = types.find((candidate) => candidate.name === search.type) ?? types[0];
  useTitle(t('title'));
  if (type === undefined) return null;
  if (!maySearch) return <EmptyState title={t('forbidden')}>{t('forbidden_text')}</EmptyState>;
  return (
    <DuplicatesOf key={type.name} type={type}>
      {types.length > 1 && (
        <Tabs
          label={t('title')}
          current={type.name}
          onChange={(name) => void navigate({ search: { type: name } })}
          tabs={types.map((candidate) => ({ key: candidate.name, label: format.label(candidate.labels_plural) }))}
        />
      )}
    </DuplicatesOf>
  );
}

function DuplicatesOf({ type, children }: { type: ObjectType; children: ReactNode }) {
  const { t } = useTranslation('duplicates');
  const errorText = useErrorText();
  const [dialog, setDialog] = useState<'search' | 'merge_all' | null>(null);
  const count = useQuery(duplicateCountQuery(type.name));
  const queue = useInfiniteQuery(duplicatesQuery(type.name));
  const clusters = queue.data?.pages.flatMap((page) => page.items) ?? [];
  const known = count.data;
  const isSearching = known?.job != null;
  const canSearch = known?.can_search === true;
  const begin = (): void => setDialog('search');

  return (
    <Page
      title={t('title')}
      intro={<SearchNote count={known} />}
      aside={
        <div className={styles.buttons}>
          {clusters.length > 1 && type.permissions.merge && (
            <Button icon={<IconArrowsJoin2 size={16} />} onClick={() => setDialog('merge_all')}>
              {t('merge_all')}
            </Button>
          )}
          {canSearch && !isSearching && (clusters.length > 0 || known.last_search !== null) && (
            <Button icon={<IconSearch size={16} />} onClick={begin}>
              {t('search_again')}
            </Button>
          )}
        </div>
      }
    >
      {children}
      {known?.job != null && <SearchProgress job={known.job} />}
      {queue.isPending ? (
        <Skeleton lines={10} label={t('loading')} />
      ) : queue.isError && clusters.length === 0 ? (
        <ErrorState message={errorText(queue.error)} onRetry={() => void queue.refetch()} />
      ) : clusters.length === 0 ? (
        !isSearching &&
        known !== undefined && (
          <EmptyState
            icon={<IconCopy size={20} />}
            title={t('empty')}
            actions={
              canSearch && known.last_search === null ? (
                <Button look="primary" icon={<IconSearch size={16} />} onClick={begin}>
                  {t('search')}
                </Button>
              ) : undefined
            }
          >
            {!canSearch ? t('empty_employee') : known.last_search === null ? t('empty_search') : t('empty_text')}
          </EmptyState>
        )
      ) : (
        <Queue
          type={type}
          clusters={clusters}
          count={known}
          hasMore={queue.hasNextPage}
          isLoadingMore={queue.isFetchingNextPage}
          onLoadMore={() => void queue.fetchNextPage()}
        />
      )}
      {dialog === 'search' && <SearchDialog type={type} onClose={() => setDialog(null)} />}
      {dialog === 'merge_all' && <MergeAllDialog type={type} onClose={() => setDialog(null)} />}
    </Page>
  );
}

/** When the base was searched last, and what was left out. */
function SearchNote({ count }: { count: DuplicateCount | undefined }) {
  const { t } = useTranslation('duplicates');
  const format = useFormat();
  if (count === undefined) return null;
  const last = count.last_search;
  if (last === null) return count.can_search && count.job === null && count.clusters === 0 ? t('never') : null;
  return (
    <>
      {t('searched', { when: format.recent(last.finished_at), records: format.number(last.records) })}
      {last.cut_keys > 0 && ` ${t('cut', { number: format.number(last.cut_keys) })}`}
    </>
  );
}
