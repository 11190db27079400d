import { useInfiniteQuery } from '@tanstack/react-query';
import { useId, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { newIdempotencyKey } from '@/api/client';
import { useErrorText } from '@/api/errors';
import { recordListQuery, useCreateRecord } from '@/api/records';
import type { ObjectType, RecordItem } from '@/api/types';
import { Button } from '@/ui/Button';
import { FieldError } from '@/ui/FormField';
import { usePartType } from '../part-type';
import { CommentInput } from './CommentInput';
import { CommentRow } from './CommentRow';
import styles from './Comments.module.css';
import { EMPTY_DRAFT, toStored } from './mentions';
import { dropSent, useCommentDraft } from './use-comment-draft';

const COMMENT_TYPE = 'comment';

/** What people wrote about the record, newest first, and where one writes. */
export function Comments({ type, record }: { type: ObjectType; record: RecordItem }) {
  const comments = usePartType(COMMENT_TYPE, type);
  if (comments === undefined) return null;
  return <CommentList key={record.id} type={type} record={record} canAdd={comments.permissions.create && record.deleted_at === null} />;
}

function CommentList({ type, record, canAdd }: { type: ObjectType; record: RecordItem; canAdd: boolean }) {
  const { t } = useTranslation('records');
  const comments = useInfiniteQuery(recordListQuery(COMMENT_TYPE, { filter: `record = ${record.id}`, sort: '-created_at', fields: 'text' }));
  const items = comments.data?.pages.flatMap((page) => page.items) ?? [];
  if (!canAdd && items.length === 0) return null;
  return (
    <div className={styles.comments} role="group" aria-label={t('comments.title')}>
      {canAdd && <Composer type={type} record={record} />}
      {items.length > 0 && (
        <ol className={styles.list} aria-label={t('comments.title')}>
          {items.map((comment) => (
            <li key={comment.id}>
              <CommentRow comment={comment} />
            </li>
          ))}
        </ol>
      )}
      {comments.hasNextPage && (
        <Button size="small" isBusy={comments.isFetchingNextPage} onClick={() => void comments.fetchNextPage()}>
          {t('comments.more')}
        </Button>
      )}
    </div>
  );
}

function Composer({ type, record }: { type: ObjectType; record: RecordItem }) {
  const { t } = useTranslation('records');
  const errorText = useErrorText();
  const errorId = useId();
  const { draft, setDraft, key: draftKey } = useCommentDraft(type.name, record.id);
  const latest = useRef(draft);
  latest.current = draft;
  const [isOpen, setIsOpen] = useState(draft.text !== '');
  const create = useCreateRecord(COMMENT_TYPE);
  // One key for one text: sent twice, it is still one comment.
  const key = useRef<string | null>(null);

  function send(): void {
    const text = toStored(draft);
    if (text === '' || create.isPending) return;
    key.current ??= newIdempotencyKey();
    // Callbacks given to `mutate` are dropped with their component, and the card may be closed before the answer.
    create.mutateAsync({ values: { record: record.id, text }, idempotencyKey: key.current }).then(
      () => {
        dropSent(draftKey, draft);
        key.current = null;
        // What was typed meanwhile stays.
        if (latest.current.text === draft.text) setDraft(EMPTY_DRAFT);
      },
      // Said below the text.
      () => undefined,
    );
  }

  return (
    <div className={styles.composer} onFocus={() => setIsOpen(true)}>
      <CommentInput
        draft={draft}
        onChange={(next) => {
          key.current = null;
          setDraft(next);
        }}
        onSend={send}
        label={t('comments.write')}
        isInvalid={create.isError}
        describedBy={create.isError ? errorId : undefined}
      />
      {create.isError && <FieldError id={errorId}>{errorText(create.error)}</FieldError>}
      {isOpen && (
        <div className={styles.bar}>
          <span className={styles.hint}>{t('comments.hint')}</span>
          <Button size="small" look="primary" isBusy={create.isPending} disabledReason={draft.text.trim() === '' && t('comments.empty')} onClick={send}>
            {t('comments.add')}
          </Button>
        </div>
      )}
    </div>
  );
}
