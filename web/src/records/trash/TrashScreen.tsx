import { IconRestore, IconSearch, IconTrash } from '@tabler/icons-react';
import { useInfiniteQuery } from '@tanstack/react-query';
import { useNavigate, useSearch } from '@tanstack/react-router';
import { useEffect, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useCatalog } from '@/api/catalog';
import { useErrorText } from '@/api/errors';
import { recordListQuery, useRestoreRecord } from '@/api/records';
import type { ObjectType, RecordItem } from '@/api/types';
import { RecordLink } from '@/fields/RecordLink';
import { Button } from '@/ui/Button';
import { EmptyState, ErrorState } from '@/ui/EmptyState';
import { Page } from '@/ui/Page';
import { Skeleton } from '@/ui/Skeleton';
import { Cell, HeadCell, Table } from '@/ui/Table';
import { Tabs } from '@/ui/Tabs';
import { TextInput } from '@/ui/TextInput';
import { showToast } from '@/ui/toast';
import { useDebounced } from '@/ui/use-debounced';
import { VisuallyHidden } from '@/ui/VisuallyHidden';
import { useFormat } from '@/ui/use-format';
import { RecordAvatar } from '../RecordAvatar';
import styles from './TrashScreen.module.css';

/** What was deleted, newest first, with the way back. */
export function TrashScreen() {
  const { t } = useTranslation('records');
  const format = useFormat();
  const search = useSearch({ from: '/frame/trash' });
  const navigate = useNavigate({ from: '/trash' });
  const types = useCatalog().object_types.filter((type) => !type.is_system);
  const type = types.find((candidate) => candidate.name === search.type) ?? types[0];
  const [text, setText] = useState(search.q ?? '');
  const rested = useDebounced(text, 200);

  useEffect(() => {
    void navigate({ search: (before) => ({ ...before, q: rested === '' ? undefined : rested }), replace: true });
  }, [rested, navigate]);

  if (type === undefined) return null;
  return (
    <Page
      title={t('trash.title')}
      aside={
        <div className={styles.search}>
          <TextInput
            type="search"
            icon={<IconSearch size={16} />}
            aria-label={t('trash.search')}
            placeholder={t('trash.search')}
            value={text}
            onChange={(event) => setText(event.target.value)}
          />
        </div>
      }
    >
      {types.length > 1 && (
        <Tabs
          className={styles.tabs}
          label={t('trash.title')}
          current={type.name}
          onChange={(name) => void navigate({ search: { type: name, q: search.q } })}
          tabs={types.map((candidate) => ({ key: candidate.name, label: format.label(candidate.labels_plural) }))}
        />
      )}
      <TrashList key={type.name} type={type} text={search.q} />
    </Page>
  );
}

function TrashList({ type, text }: { type: ObjectType; text: string | undefined }) {
  const { t } = useTranslation('records');
  const errorText = useErrorText();
  const list = useInfiniteQuery(recordListQuery(type.name, { trash: true, search: text, sort: '-updated_at' }));
  const records = list.data?.pages.flatMap((page) => page.items) ?? [];

  if (list.isPending) return <Skeleton lines={6} label={t('loading')} />;
  if (list.isError && records.length === 0) return <ErrorState message={errorText(list.error)} onRetry={() => void list.refetch()} />;
  if (records.length === 0) {
    return (
      <EmptyState icon={<IconTrash size={20} />} title={text === undefined ? t('trash.empty') : t('empty.no_match')}>
        {text === undefined ? t('trash.empty_text') : t('empty.no_match_search', { text })}
      </EmptyState>
    );
  }
  return (
    <div className={styles.list}>
      <Table label={t('trash.title')} className={styles.stacked}>
        <thead>
          <tr>
            <HeadCell>{t('trash.name')}</HeadCell>
            <HeadCell>{t('trash.deleted_at')}</HeadCell>
            <HeadCell>{t('trash.by')}</HeadCell>
            <HeadCell>
              <VisuallyHidden>{t('trash.actions')}</VisuallyHidden>
            </HeadCell>
          </tr>
        </thead>
        <tbody>
          {records.map((record) => (
            <TrashRow key={record.id} type={type} record={record} />
          ))}
        </tbody>
      </Table>
      {list.hasNextPage && (
        <Button size="small" isBusy={list.isFetchingNextPage} onClick={() => void list.fetchNextPage()}>
          {t('history.more')}
        </Button>
      )}
    </div>
  );
}

function TrashRow({ type, record }: { type: ObjectType; record: RecordItem }) {
  const { t } = useTranslation('records');
  const format = useFormat();
  const errorText = useErrorText();
  const restore = useRestoreRecord(type.name);

  // The row is gone by the time of the answer, and with it the callbacks of `mutate`; a promise outlives it.
  async function bringBack(): Promise<void> {
    try {
      await restore.mutateAsync(record.id);
      showToast(t('trash.restored', { name: record.title }));
    } catch (error) {
      showToast(errorText(error), { tone: 'error' });
    }
  }

  return (
    <tr>
      <Cell className={styles.what}>
        <RecordLink type={type.name} id={record.id} className={styles.name}>
          <RecordAvatar record={record} />
          {record.title}
        </RecordLink>
        {record.merged_into !== undefined && (
          <span className={styles.mergedInto}>{t('trash.merged_into', { name: record.merged_into.title })}</span>
        )}
      </Cell>
      <Cell className={styles.when}>{record.deleted_at === null ? '' : format.instant(record.deleted_at)}</Cell>
      <Cell className={styles.who}>{record.updated_by?.title}</Cell>
      <Cell className={styles.action}>
        <Button
          size="small"
          icon={<IconRestore size={16} />}
          isBusy={restore.isPending}
          aria-label={t('trash.restore_named', { name: record.title })}
          onClick={() => void bringBack()}
        >
          {t('trash.restore')}
        </Button>
      </Cell>
    </tr>
  );
}
