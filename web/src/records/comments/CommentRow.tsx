import { IconPencil, IconTrash } from '@tabler/icons-react';
import { useId, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useErrorText } from '@/api/errors';
import { useChangeRecord, useDeleteRecord } from '@/api/records';
import type { RecordItem } from '@/api/types';
import { asText } from '@/fields/values';
import { Avatar } from '@/ui/Avatar';
import { Button } from '@/ui/Button';
import { FieldError } from '@/ui/FormField';
import { IconButton } from '@/ui/IconButton';
import { showToast } from '@/ui/toast';
import { useFormat } from '@/ui/use-format';
import { useUndoWithToast } from '../operations/use-undo-with-toast';
import { CommentInput } from './CommentInput';
import styles from './Comments.module.css';
import { partsOf, toDraft, toStored } from './mentions';

/** One comment: who, when, what; its author changes and deletes it in its place. */
export function CommentRow({ comment }: { comment: RecordItem }) {
  const { t } = useTranslation('records');
  const format = useFormat();
  const errorText = useErrorText();
  const [isEditing, setIsEditing] = useState(false);
  const remove = useDeleteRecord(comment.type);
  const { undo } = useUndoWithToast();
  const author = comment.created_by;
  const name = author?.title ?? t('comments.somebody');

  function deleteIt(): void {
    remove.mutate(comment.id, {
      onSuccess: ({ operation_id: operation }) =>
        showToast(t('comments.deleted'), { action: operation === null ? null : { label: t('undo'), onPress: () => void undo(operation) } }),
      onError: (error) => showToast(errorText(error), { tone: 'error' }),
    });
  }

  return (
    <article className={styles.comment} aria-label={t('comments.by', { name })}>
      <Avatar id={author?.id ?? 0} title={name} />
      <div className={styles.body}>
        <div className={styles.head}>
          <p className={styles.who}>
            <span className={styles.author}>{name}</span>
            <time className={styles.time} dateTime={comment.created_at}>
              {format.instant(comment.created_at)}
            </time>
            {comment.version > 1 && (
              <span className={styles.time} title={format.instant(comment.updated_at)}>
                {t('comments.changed')}
              </span>
            )}
          </p>
          {!isEditing && (comment.can_edit || comment.can_delete) && (
            <span className={styles.actions}>
              {comment.can_edit && (
                <IconButton size="small" label={t('comments.edit')} icon={<IconPencil size={14} />} onClick={() => setIsEditing(true)} />
              )}
              {comment.can_delete && <IconButton size="small" label={t('comments.delete')} icon={<IconTrash size={14} />} onClick={deleteIt} />}
            </span>
          )}
        </div>
        {isEditing ? <Editor comment={comment} onEnd={() => setIsEditing(false)} /> : <CommentText text={asText(comment.values.text)} />}
      </div>
    </article>
  );
}

function CommentText({ text }: { text: string }) {
  return (
    <p className={styles.text}>
      {partsOf(text).map((part, index) =>
        part.kind === 'text' ? (
          part.text
        ) : (
          <span key={index} className={styles.mention} data-user={part.id}>
            @{part.name}
          </span>
        ),
      )}
    </p>
  );
}

function Editor({ comment, onEnd }: { comment: RecordItem; onEnd: () => void }) {
  const { t } = useTranslation('records');
  const errorText = useErrorText();
  const errorId = useId();
  const [draft, setDraft] = useState(() => toDraft(asText(comment.values.text)));
  const change = useChangeRecord(comment.type);

  function save(): void {
    const text = toStored(draft);
    if (text === '' || change.isPending) return;
    if (text === comment.values.text) onEnd();
    else change.mutate({ id: comment.id, version: comment.version, values: { text } }, { onSuccess: onEnd });
  }

  return (
    <div className={styles.composer}>
      <CommentInput
        draft={draft}
        onChange={setDraft}
        onSend={save}
        onCancel={onEnd}
        label={t('comments.edit')}
        hasAutoFocus
        isInvalid={change.isError}
        describedBy={change.isError ? errorId : undefined}
      />
      {change.isError && <FieldError id={errorId}>{errorText(change.error)}</FieldError>}
      <div className={styles.bar}>
        <Button size="small" look="plain" onClick={onEnd}>
          {t('comments.cancel')}
        </Button>
        <Button size="small" look="primary" isBusy={change.isPending} disabledReason={draft.text.trim() === '' && t('comments.empty')} onClick={save}>
          {t('comments.save')}
        </Button>
      </div>
    </div>
  );
}
