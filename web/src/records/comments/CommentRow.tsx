import { IconPencil, IconTrash } from '@tabler/icons-react';
import { useId, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useErrorText } from '@/api/errors';
import { useChangeRecord, useDeleteRecord } from '@/api/records';
import type { RecordItem } from '@/api/types';
import { recordMark } from '@/fields/record-mark';
import { asText } from '@/fields/values';
import { UserAvatar } from '@/fields/UserAvatar';
import { Button } from '@/ui/Button';
import { FieldError } from '@/ui/FormField';
import { IconButton } from '@/ui/IconButton';
import { showToast } from '@/ui/toast';
import { useFormat } from '@/ui/use-format';
import { useUndoWithToast } from '../operations/use-undo-with-toast';
import { CommentInput } from './CommentInput';
import styles from './Comments.module.css';
import { partsOf, toDraft, toStored } from './mentions';
import { dropSent, useCommentDraft, type CommentDraft } from './use-comment-draft';

/** One comment: who, when, what; its author changes and deletes it in its place. */
export function CommentRow({ comment }: { comment: RecordItem }) {
  const { t } = useTranslation('records');
  const format = useFormat();
  const errorText = useErrorText();
  const draft = useCommentDraft(comment.type, comment.id, toDraft(asText(comment.values.text)));
  const [isEditing, setIsEditing] = useState(draft.isBegun && comment.can_edit);
  const remove = useDeleteRecord(comment.type);
  const { undo } = useUndoWithToast();
  const author = comment.created_by;
  const name = author?.title ?? t('comments.somebody');

  function deleteIt(): void {
    remove.mutate(comment.id, {
      onSuccess: ({ operation_id: operation }) =>
        showToast(t('comments.deleted'), { action: operation === null ? null : { label: t('undo'), undoes: operation, onPress: () => void undo(operation) } }),
      onError: (error) => showToast(errorText(error), { tone: 'error' }),
    });
  }

  return (
    <article className={styles.comment} aria-label={t('comments.by', { name })}>
      <UserAvatar id={author?.id ?? 0} title={name} />
      <div className={styles.body}>
        <div className={styles.head}>
          <p className={styles.who}>
            <span className={styles.author} {...(author === null ? {} : recordMark(author.type, author.id))}>
              {name}
            </span>
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
        {isEditing ? <Editor comment={comment} draft={draft} onEnd={() => setIsEditing(false)} /> : <CommentText text={asText(comment.values.text)} />}
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

interface EditorProps {
  comment: RecordItem;
  draft: CommentDraft;
  onEnd: () => void;
}

/** What is typed here waits for whoever leaves and comes back; saving and cancelling end it. */
function Editor({ comment, draft: { draft, setDraft, key, isBegun, drop }, onEnd }: EditorProps) {
  const { t } = useTranslation('records');
  const errorText = useErrorText();
  const errorId = useId();
  // Whoever comes back to it meant to read the card first.
  const [hasAutoFocus] = useState(!isBegun);
  const change = useChangeRecord(comment.type);

  function end(): void {
    drop();
    onEnd();
  }

  function save(): void {
    const text = toStored(draft);
    if (text === '' || change.isPending) return;
    if (text === comment.values.text) return end();
    // Callbacks given to `mutate` are dropped with their component, and the card may be closed before the answer.
    change.mutateAsync({ id: comment.id, version: comment.version, values: { text } }).then(
      () => {
        dropSent(key, draft);
        end();
      },
      // Said below the text.
      () => undefined,
    );
  }

  return (
    <div className={styles.composer}>
      <CommentInput
        draft={draft}
        onChange={setDraft}
        onSend={save}
        onCancel={end}
        label={t('comments.edit')}
        hasAutoFocus={hasAutoFocus}
        isInvalid={change.isError}
        describedBy={change.isError ? errorId : undefined}
      />
      {change.isError && <FieldError id={errorId}>{errorText(change.error)}</FieldError>}
      <div className={styles.bar}>
        <Button size="small" look="plain" onClick={end}>
          {t('comments.cancel')}
        </Button>
        <Button size="small" look="primary" isBusy={change.isPending} disabledReason={draft.text.trim() === '' && t('comments.empty')} onClick={save}>
          {t('comments.save')}
        </Button>
      </div>
    </div>
  );
}
