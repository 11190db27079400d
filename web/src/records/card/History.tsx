import { useInfiniteQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useErrorText } from '@/api/errors';
import { historyQuery, type HistoryFilter } from '@/api/records';
import type { ObjectType, RecordItem } from '@/api/types';
import { Button } from '@/ui/Button';
import { EmptyState, ErrorState } from '@/ui/EmptyState';
import { Skeleton } from '@/ui/Skeleton';
import { useFormat } from '@/ui/use-format';
import { daysBetween, dayOf } from '@/util/format';
import { ConflictDialog } from '../editing/ConflictDialog';
import { useSaveField } from '../editing/use-save-field';
import styles from './History.module.css';
import { HistoryEntryRow } from './HistoryEntryRow';
import { HistoryFilters } from './HistoryFilters';

/** What happened to the card, newest first, by days; each change can be taken back. */
export function History({ type, record }: { type: ObjectType; record: RecordItem }) {
  const { t } = useTranslation('records');
  const format = useFormat();
  const errorText = useErrorText();
  const [filter, setFilter] = useState<HistoryFilter>({});
  const history = useInfiniteQuery(historyQuery(type.name, record.id, filter));
  const save = useSaveField(type, record, { hasEditor: false });
  const entries = history.data?.pages.flatMap((page) => page.items) ?? [];
  const today = dayOf(new Date(), format.timeZone);

  function dayTitle(day: string): string {
    const ago = daysBetween(day, today);
    return ago === 0 ? t('history.today') : ago === 1 ? t('history.yesterday') : format.date(day);
  }

  return (
    <div className={styles.history}>
      <HistoryFilters type={type} filter={filter} onChange={setFilter} />
      {history.isPending && <Skeleton lines={6} label={t('loading')} />}
      {history.isError && entries.length === 0 && <ErrorState message={errorText(history.error)} onRetry={() => void history.refetch()} />}
      {history.isSuccess && entries.length === 0 && <EmptyState title={t('history.nothing')}>{t('history.nothing_text')}</EmptyState>}
      <ol className={styles.list}>
        {entries.map((entry, index) => {
          const day = dayOf(entry.operation.at, format.timeZone);
          const before = entries[index - 1];
          const startsDay = before === undefined || dayOf(before.operation.at, format.timeZone) !== day;
          return (
            <li key={entry.operation.id}>
              {startsDay && <p className={styles.day}>{dayTitle(day)}</p>}
              <HistoryEntryRow type={type} record={record} entry={entry} isOnlyPart={filter.field !== undefined} save={save} />
            </li>
          );
        })}
      </ol>
      <ConflictDialog save={save} />
      {history.hasNextPage && (
        <Button size="small" isBusy={history.isFetchingNextPage} onClick={() => void history.fetchNextPage()}>
          {t('history.more')}
        </Button>
      )}
    </div>
  );
}
