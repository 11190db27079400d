import { useQueryClient } from '@tanstack/react-query';
import { useId, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { newIdempotencyKey } from '@/api/client';
import { useErrorText } from '@/api/errors';
import { useCreateRecord } from '@/api/records';
import { restartTimelines } from '@/api/timeline';
import type { ObjectType, RecordItem, Values } from '@/api/types';
import { Button } from '@/ui/Button';
import { FieldError } from '@/ui/FormField';
import { CommentInput } from '../comments/CommentInput';
import { EMPTY_DRAFT, toStored } from '../comments/mentions';
import { dropSent, useCommentDraft } from '../comments/use-comment-draft';
import type { PartOf } from '../part-type';
import { categoryField } from './kinds';
import { NoteDetails } from './NoteDetails';
import styles from './Timeline.module.css';

/** Where one writes a note. */
export function Composer({ type, record, notes }: { type: ObjectType; record: RecordItem; notes: PartOf }) {
  const { t } = useTranslation('timeline');
  const errorText = useErrorText();
  const errorId = useId();
  const client = useQueryClient();
  const { draft, setDraft, key: draftKey } = useCommentDraft(type.name, record.id);
  const latest = useRef(draft);
  latest.current = draft;
  const plain: Values = { category: categoryField(notes.type)?.default ?? null };
  const [details, setDetails] = useState(plain);
  const [round, setRound] = useState(0);
  const [isOpen, setIsOpen] = useState(draft.text !== '');
  const create = useCreateRecord(notes.type.name, { isKeptOffline: true });
  // One key for one text: sent twice, it is still one note.
  const key = useRef<string | null>(null);

  function send(): void {
    const text = toStored(draft);
    if (text === '' || create.isPending) return;
    key.current ??= newIdempotencyKey();
    const said = Object.fromEntries(Object.entries(details).filter(([, value]) => value !== null && value !== ''));
    // Callbacks given to `mutate` are dropped with their component, and the card may be closed before the answer.
    create.mutateAsync({ values: { ...said, [notes.field]: record.id, text }, shown: { ...said, text }, title: record.title, idempotencyKey: key.current }).then(
      () => {
        dropSent(draftKey, draft);
        key.current = null;
        restartTimelines(client, type.name, record.id);
        setDetails(plain);
        setRound((number) => number + 1);
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
        label={t('write')}
        isInvalid={create.isError}
        describedBy={create.isError ? errorId : undefined}
      />
      {create.isError && <FieldError id={errorId}>{errorText(create.error)}</FieldError>}
      {isOpen && (
        <div className={styles.bar}>
          <NoteDetails
            key={round}
            type={notes.type}
            values={details}
            onChange={(next) => {
              key.current = null;
              setDetails(next);
            }}
          />
          <span className={styles.hint} title={t('hint')}>
            {t('hint')}
          </span>
          <Button size="small" look="primary" isBusy={create.isPending} disabledReason={draft.text.trim() === '' && t('empty')} onClick={send}>
            {t('add')}
          </Button>
        </div>
      )}
    </div>
  );
}
