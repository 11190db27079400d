import { IconArrowsJoin2, IconPlus } from '@tabler/icons-react';
import { useQueries, useQuery } from '@tanstack/react-query';
import { useNavigate, useParams, useRouter, useSearch } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import { useCatalog } from '@/api/catalog';
import { duplicatesOfQuery } from '@/api/duplicates';
import { useErrorText } from '@/api/errors';
import { recordQuery } from '@/api/records';
import type { ObjectType, RecordItem } from '@/api/types';
import { RecordPicker } from '@/fields/reference/RecordPicker';
import { Button } from '@/ui/Button';
import { EmptyState, ErrorState } from '@/ui/EmptyState';
import { FormField } from '@/ui/FormField';
import { Page } from '@/ui/Page';
import { Skeleton } from '@/ui/Skeleton';
import { useTitle } from '@/ui/use-title';
import { paths } from '../paths';
import { RecordAvatar } from '../RecordAvatar';
import { MergeEditor } from './MergeEditor';
import styles from './MergeScreen.module.css';
import { MOST_MERGED } from './most-merged';

function readIds(text: string | undefined): number[] {
  const ids = (text ?? '').split('-').map(Number).filter((id) => Number.isSafeInteger(id) && id > 0);
  return [...new Set(ids)].slice(0, MOST_MERGED);
}

/** Merging chosen records. With one of them it offers what looks like it, and any other by name. */
export function MergeScreen() {
  const { t } = useTranslation('records');
  const { type: name } = useParams({ from: '/frame/records/$type/merge' });
  const type = useCatalog().object_types.find((candidate) => candidate.name === name);
  if (type === undefined) return <ErrorState message={t('unknown_type')} />;
  return <MergeRecords type={type} />;
}

function MergeRecords({ type }: { type: ObjectType }) {
  const { t } = useTranslation('records');
  const errorText = useErrorText();
  const navigate = useNavigate();
  const { history } = useRouter();
  const search = useSearch({ from: '/frame/records/$type/merge' });
  const ids = readIds(search.ids);
  const read = useQueries({ queries: ids.map((id) => recordQuery(type.name, id)) });
  const records = read.map((query) => query.data).filter((record) => record !== undefined);
  const failed = read.find((query) => query.isError && query.data === undefined);
  useTitle(t('merge.title'));

  const add = (id: number): void => void navigate({ ...paths.merge(type.name, [...ids, id]), replace: true });

  return (
    <Page title={t('merge.title')} intro={t('merge.intro')}>
      {failed !== undefined ? (
        <ErrorState message={errorText(failed.error)} />
      ) : records.length < ids.length ? (
        <Skeleton lines={8} label={t('loading')} />
      ) : (
        <div className={styles.content}>
          {records.length > 1 ? (
            <MergeEditor
              key={ids.join('-')}
              type={type}
              records={records}
              actions={<Button onClick={() => history.back()}>{t('merge.cancel')}</Button>}
              onMerged={(answer) => {
                if (answer.record !== null) void navigate({ ...paths.card(type.name, answer.record.id), replace: true });
              }}
            />
          ) : records.length === 0 ? (
            <EmptyState icon={<IconArrowsJoin2 size={20} />} title={t('merge.none')}>
              {t('merge.none_text')}
            </EmptyState>
          ) : null}
          {records[0] !== undefined && ids.length < MOST_MERGED && <MoreRecords type={type} records={records} onAdd={add} />}
        </div>
      )}
    </Page>
  );
}

/** Further records to merge: those that the last search found alike, and any other by name. */
function MoreRecords({ type, records, onAdd }: { type: ObjectType; records: readonly RecordItem[]; onAdd: (id: number) => void }) {
  const { t } = useTranslation('records');
  const alike = useQuery(duplicatesOfQuery(type.name, records[0]?.id ?? 0));
  const known = new Set(records.map((record) => record.id));
  const suggested = alike.data?.items.flatMap((cluster) => cluster.records).filter((record) => !known.has(record.id)) ?? [];
  return (
    <section className={styles.more}>
      {records.length === 1 && <h2 className={styles.heading}>{t('merge.with', { name: records[0]?.title })}</h2>}
      {suggested.length > 0 && (
        <>
          <p className={styles.hint}>{t('merge.suggested')}</p>
          <ul className={styles.suggested}>
            {suggested.map((record) => (
              <li key={record.id}>
                <Button icon={<IconPlus size={16} />} onClick={() => onAdd(record.id)}>
                  <RecordAvatar record={record} />
                  {record.title}
                </Button>
              </li>
            ))}
          </ul>
        </>
      )}
      {suggested.length === 0 && alike.isSuccess && records.length === 1 && <p className={styles.hint}>{t('merge.suggested_none')}</p>}
      <FormField controlId="merge-with" label={t('merge.add')}>
        <RecordPicker
          key={records.length}
          id="merge-with"
          target={type.name}
          filter={`id not in (${[...known].join(', ')})`}
          value={null}
          placeholder={t('merge.add_hint')}
          onChange={(record) => {
            if (record !== null) onAdd(record.id);
          }}
        />
      </FormField>
    </section>
  );
}
