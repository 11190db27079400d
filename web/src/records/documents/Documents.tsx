import { IconAlertTriangle, IconPlus, IconX } from '@tabler/icons-react';
import { useInfiniteQuery } from '@tanstack/react-query';
import { useRef, useState, type DragEvent } from 'react';
import { useTranslation } from 'react-i18next';
import { useErrorText } from '@/api/errors';
import { recordListQuery } from '@/api/records';
import type { ObjectType, RecordItem } from '@/api/types';
import { Button } from '@/ui/Button';
import { ErrorState } from '@/ui/EmptyState';
import { IconButton } from '@/ui/IconButton';
import { lazyPart } from '@/ui/lazy-part';
import { ProgressBar } from '@/ui/ProgressBar';
import { useFormat } from '@/ui/use-format';
import { Block } from '../card/Block';
import { usePartType } from '../part-type';
import { DocumentRow } from './DocumentRow';
import styles from './Documents.module.css';
import { useAddDocuments, type PendingDocument } from './use-add-documents';

const Preview = lazyPart(() => import('./Preview'), 'Preview');

const DOCUMENT_TYPE = 'document';

/** The files of a record: dropped or chosen, looked at, downloaded, deleted. */
export function Documents({ type, record }: { type: ObjectType; record: RecordItem }) {
  const documents = usePartType(DOCUMENT_TYPE, type);
  return documents === undefined ? null : <DocumentBlock key={record.id} documents={documents.type} whole={documents.field} record={record} />;
}

function hasFiles(event: DragEvent): boolean {
  return event.dataTransfer.types.includes('Files');
}

function DocumentBlock({ documents, whole, record }: { documents: ObjectType; whole: string; record: RecordItem }) {
  const { t } = useTranslation('records');
  const format = useFormat();
  const errorText = useErrorText();
  const chooser = useRef<HTMLInputElement>(null);
  const [isOver, setIsOver] = useState(false);
  const [shownId, setShownId] = useState<number | null>(null);
  const list = useInfiniteQuery(recordListQuery(DOCUMENT_TYPE, { filter: `${whole} = ${record.id}`, sort: '-created_at', fields: 'name,file,remark' }));
  const items = list.data?.pages.flatMap((page) => page.items) ?? [];
  const { pending, add, retry, dismiss } = useAddDocuments(documents, whole, record);
  const canAdd = documents.permissions.create && record.deleted_at === null;
  const shown = items.find((item) => item.id === shownId);
  if (list.isError && items.length === 0) {
    return (
      <Block title={t('documents.title')}>
        <ErrorState message={errorText(list.error)} onRetry={() => void list.refetch()} />
      </Block>
    );
  }
  if (list.isPending || (!canAdd && items.length === 0)) return null;

  return (
    <div
      className={styles.documents}
      data-over={isOver || undefined}
      onDragOver={(event) => {
        if (!canAdd || !hasFiles(event)) return;
        event.preventDefault();
        setIsOver(true);
      }}
      onDragLeave={(event) => {
        if (!event.currentTarget.contains(event.relatedTarget as Node | null)) setIsOver(false);
      }}
      onDrop={(event) => {
        if (!canAdd || !hasFiles(event)) return;
        event.preventDefault();
        setIsOver(false);
        add(event.dataTransfer.files);
      }}
    >
      <Block title={t('documents.title')} count={list.hasNextPage ? `${format.number(items.length)}+` : format.number(items.length)}>
        {items.length === 0 && pending.length === 0 && <p className={styles.none}>{t('documents.none')}</p>}
        <ul aria-label={t('documents.title')}>
          {items.map((item) => (
            <li key={item.id}>
              <DocumentRow document={item} onShow={() => setShownId(item.id)} />
            </li>
          ))}
          {pending.map((entry) => (
            <li key={entry.key}>
              <PendingRow entry={entry} onRetry={() => retry(entry)} onDismiss={() => dismiss(entry.key)} />
            </li>
          ))}
        </ul>
        {list.hasNextPage && (
          <Button look="link" isBusy={list.isFetchingNextPage} onClick={() => void list.fetchNextPage()}>
            {t('documents.more')}
          </Button>
        )}
        {canAdd && (
          <button type="button" className={styles.add} onClick={() => chooser.current?.click()}>
            <IconPlus size={14} aria-hidden="true" />
            {isOver ? t('documents.drop') : t('documents.add')}
          </button>
        )}
      </Block>
      <input
        ref={chooser}
        type="file"
        multiple
        hidden
        aria-label={t('documents.add')}
        onChange={(event) => {
          const files = [...(event.target.files ?? [])];
          event.target.value = '';
          add(files);
        }}
      />
      {shown !== undefined && <Preview documents={items} shown={shown} onShow={setShownId} onClose={() => setShownId(null)} />}
    </div>
  );
}

function PendingRow({ entry, onRetry, onDismiss }: { entry: PendingDocument; onRetry: () => void; onDismiss: () => void }) {
  const { t } = useTranslation('records');
  const { name, size } = entry.file;
  if (entry.problem === null) {
    return (
      <div className={styles.pending}>
        <span className={styles.name}>{name}</span>
        <ProgressBar done={entry.sent} total={size} label={t('documents.sending', { name })} />
      </div>
    );
  }
  return (
    <div className={styles.failed} role="alert">
      <IconAlertTriangle size={16} aria-hidden="true" />
      <span className={styles.reason}>{t('documents.failed', { name, reason: entry.problem })}</span>
      <Button size="small" look="link" onClick={onRetry}>
        {t('documents.retry')}
      </Button>
      <IconButton size="small" label={t('documents.dismiss', { name })} icon={<IconX size={14} />} onClick={onDismiss} />
    </div>
  );
}
