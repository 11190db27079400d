import { useInfiniteQuery } from '@tanstack/react-query';
import { useMemo, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useCatalog } from '@/api/catalog';
import { useErrorText } from '@/api/errors';
import { timelineQuery, type TimelineEntry } from '@/api/timeline';
import type { ObjectType, RecordItem } from '@/api/types';
import { Button } from '@/ui/Button';
import { EmptyState, ErrorState } from '@/ui/EmptyState';
import { Skeleton } from '@/ui/Skeleton';
import { usePartType } from '../part-type';
import { Composer } from './Composer';
import { EntryRow } from './EntryRow';
import { isChosen, kindsOf, type TimelineKind } from './kinds';
import styles from './Timeline.module.css';
import { TimelineFilters } from './TimelineFilters';
import { TimelineList } from './TimelineList';
import { useTimelineChoice } from './use-timeline-choice';

const NOTE_TYPE = 'comment';

/** What happened with a record and what is ahead, in one stream, and where one writes a note. Nothing for types that nothing refers to. */
export function Timeline({ type, record }: { type: ObjectType; record: RecordItem }) {
  const { object_types: types } = useCatalog();
  const kinds = useMemo(() => kindsOf(types, type), [types, type]);
  return kinds.length === 0 ? null : <Stream key={`${type.name}/${record.id}`} type={type} record={record} kinds={kinds} />;
}

function Stream({ type, record, kinds }: { type: ObjectType; record: RecordItem; kinds: readonly TimelineKind[] }) {
  const { t } = useTranslation('timeline');
  const errorText = useErrorText();
  const notes = usePartType(NOTE_TYPE, type);
  const [choice, setChoice] = useTimelineChoice(type.name);
  const [category, setCategory] = useState('');
  const chosen = kinds.filter((kind) => isChosen(kind, choice.kinds));
  const query = useInfiniteQuery({
    ...timelineQuery(type.name, record.id, {
      kinds: chosen.map(({ name }) => name).join(','),
      ...(category === '' ? {} : { category }),
      with_others: choice.withOthers,
    }),
    // What stands there stays until the other choice has been read.
    placeholderData: (before) => before,
  });
  const pages = query.data?.pages ?? [];
  const pinned = pages[0]?.pinned ?? [];
  const isAbove = new Set(pinned.map((entry) => `${entry.kind}/${entry.id}`));
  const entries = pages.flatMap((page) => page.items).filter((entry) => !isAbove.has(`${entry.kind}/${entry.id}`));
  const row = (entry: TimelineEntry, isAboveDays = false) => <EntryRow type={type} record={record} entry={entry} showsDay={isAboveDays} />;
  const isFiltered = category !== '' || chosen.length < kinds.filter((kind) => kind.isShown).length;
  return (
    <div className={styles.timeline} role="group" aria-label={t('title')}>
      {notes?.type.permissions.create === true && record.deleted_at === null && <Composer type={type} record={record} notes={notes} />}
      <TimelineFilters
        kinds={kinds}
        choice={choice}
        onChange={setChoice}
        category={category}
        onCategory={setCategory}
        others={pages[0]?.others ?? 0}
      />
      {query.isPending && <Skeleton lines={4} label={t('loading')} />}
      {query.isError && pages.length === 0 && <ErrorState message={errorText(query.error)} onRetry={() => void query.refetch()} />}
      {query.isSuccess && entries.length === 0 && pinned.length === 0 && (
        <EmptyState title={t(isFiltered ? 'nothing_chosen' : 'nothing')}>{t(isFiltered ? 'nothing_chosen_text' : 'nothing_text')}</EmptyState>
      )}
      {pinned.length > 0 && (
        <ol className={styles.pinned} aria-label={t('pinned')}>
          {pinned.map((entry) => (
            <li key={`${entry.kind}/${entry.id}`}>{row(entry, true)}</li>
          ))}
        </ol>
      )}
      {entries.length > 0 && (
        <TimelineList
          entries={entries}
          draw={row}
          hasMore={query.hasNextPage}
          isLoading={query.isFetchingNextPage}
          onMore={() => void query.fetchNextPage()}
        />
      )}
      {query.isError && pages.length > 0 && !query.isFetching && (
        <Button size="small" onClick={() => void query.fetchNextPage()}>
          {t('more')}
        </Button>
      )}
    </div>
  );
}
