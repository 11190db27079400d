import { IconDots, IconHeartHandshake, IconMail, IconMessage, IconNote, IconPencil, IconPhone, IconPin, IconPinFilled, IconTrash, IconUsers } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { useId, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useErrorText } from '@/api/errors';
import { recordQuery, useChangeRecord, useDeleteRecord } from '@/api/records';
import type { TimelineEntry } from '@/api/timeline';
import type { ObjectType, RecordItem, Values } from '@/api/types';
import { recordMark } from '@/fields/record-mark';
import { UserAvatar } from '@/fields/UserAvatar';
import { asText } from '@/fields/values';
import { Badge } from '@/ui/Badge';
import { Button } from '@/ui/Button';
import { FieldError } from '@/ui/FormField';
import { IconButton } from '@/ui/IconButton';
import { lazyPart } from '@/ui/lazy-part';
import { Menu } from '@/ui/Menu';
import { showToast } from '@/ui/toast';
import { useFormat } from '@/ui/use-format';
import { useNarrow } from '@/ui/use-narrow';
import { classNames } from '@/util/class-names';
import { CommentInput } from '../comments/CommentInput';
import { partsOf, toDraft, toStored } from '../comments/mentions';
import { dropSent, useCommentDraft, useIsBegun, type CommentDraft } from '../comments/use-comment-draft';
import { mayEdit } from '../may-edit';
import { useUndoWithToast } from '../operations/use-undo-with-toast';
import { Whose } from './EntryRow';
import { categoryField } from './kinds';
import { NoteDetails, WHEN } from './NoteDetails';
import styles from './Timeline.module.css';

const Reactions = lazyPart(() => import('../followers/Reactions'), 'Reactions');

/** The categories of a fresh installation; one of an administrator is a message like any other. */
const ICONS: Readonly<Record<string, typeof IconNote>> = { note: IconNote, call: IconPhone, meeting: IconUsers, letter: IconMail, agreement: IconHeartHandshake };
const PIN = 'is_pinned';
/** A longer text is folded, by its characters and by its lines. */
const FOLDED_LENGTH = 700;
const FOLDED_LINES = 10;

export interface NoteRowProps {
  type: ObjectType;
  note: RecordItem;
  entry: TimelineEntry;
  /** Above the stream no day stands over it. */
  showsDay: boolean;
}

/** One note: who, when, what; its author changes, pins and deletes it in its place. */
export function NoteRow({ type, note, entry, showsDay }: NoteRowProps) {
  const { t } = useTranslation('timeline');
  const format = useFormat();
  const errorText = useErrorText();
  const isNarrow = useNarrow();
  const [wantsWhole, setWantsWhole] = useState(false);
  const isBegun = useIsBegun(type.name, note.id, toDraft(asText(note.values.text)));
  const [isEditing, setIsEditing] = useState(isBegun && note.can_edit);
  const whole = useQuery({ ...recordQuery(type.name, note.id), enabled: entry.is_cut && (wantsWhole || isEditing) });
  const shown = entry.is_cut ? (whole.data ?? note) : note;
  const isCut = entry.is_cut && whole.data === undefined;
  // Begins with the whole text: what the stream has cut off would be cut off by saving.
  const draft = useCommentDraft(type.name, note.id, toDraft(asText(shown.values.text)));
  const change = useChangeRecord(type.name);
  const remove = useDeleteRecord(type.name);
  const { showDone } = useUndoWithToast();
  const author = note.created_by;
  const name = author?.title ?? t('somebody');
  const pin = type.fields.find((field) => field.name === PIN && !field.is_retired);
  const isPinned = note.values[PIN] === true;
  const category = categoryField(type);
  const option = category?.settings.options?.find(({ key }) => key === asText(note.values.category));
  const isPlain = option === undefined || option.key === category?.default;
  const Icon = ICONS[option?.key ?? 'note'] ?? IconMessage;

  function deleteIt(): void {
    remove.mutateAsync(note.id).then(
      ({ operation_id: operation }) => showDone(t('deleted'), operation),
      (error: unknown) => showToast(errorText(error), { tone: 'error' }),
    );
  }

  function pinIt(): void {
    change.mutateAsync({ id: note.id, version: note.version, values: { [PIN]: !isPinned } }).then(
      (answer) => showDone(t(isPinned ? 'unpinned' : 'was_pinned'), answer.operation_id),
      (error: unknown) => showToast(errorText(error), { tone: 'error' }),
    );
  }

  const actions = [
    ...(pin !== undefined && mayEdit(note, pin)
      ? [{ label: t(isPinned ? 'unpin' : 'pin'), icon: isPinned ? <IconPinFilled size={14} /> : <IconPin size={14} />, act: pinIt }]
      : []),
    ...(note.can_edit ? [{ label: t('edit'), icon: <IconPencil size={14} />, act: () => setIsEditing(true) }] : []),
    ...(note.can_delete ? [{ label: t('delete'), icon: <IconTrash size={14} />, act: deleteIt }] : []),
  ];

  return (
    <article className={styles.entry} aria-label={t('by', { kind: format.label(type.labels), name })}>
      <span className={classNames(styles.icon, styles[option?.color ?? 'grey'])} title={option === undefined ? undefined : format.label(option.labels)}>
        <Icon size={16} aria-hidden="true" />
      </span>
      <div className={styles.content}>
        <div className={styles.head}>
          <p className={styles.facts}>
            <span className={styles.author} {...(author === null ? {} : recordMark(author.type, author.id))}>
              <UserAvatar id={author?.id ?? 0} title={name} size="tiny" />
              {name}
            </span>
            {!isPlain && <Badge color={option.color}>{format.label(option.labels)}</Badge>}
            <Whose entry={entry} />
            {note.version > 1 && <span title={format.instant(note.updated_at)}>{t('changed')}</span>}
          </p>
          {!isEditing && actions.length > 0 && (
            <span className={styles.actions}>
              {isNarrow ? (
                <Menu
                  trigger={<IconButton size="small" label={t('actions')} icon={<IconDots size={16} />} />}
                  items={actions.map(({ label, icon, act }) => ({ key: label, label, icon, onSelect: act }))}
                />
              ) : (
                actions.map(({ label, icon, act }) => <IconButton key={label} size="small" label={label} icon={icon} onClick={act} />)
              )}
            </span>
          )}
          <time className={styles.time} dateTime={entry.at} title={format.instant(entry.at)}>
            {showsDay ? format.recent(entry.at) : format.time(entry.at)}
          </time>
        </div>
        {isEditing && !isCut ? (
          <Editor key={shown.version} type={type} note={shown} draft={draft} isBegun={draft.isBegun} onEnd={() => setIsEditing(false)} />
        ) : (
          <NoteText text={asText(shown.values.text)} isCut={isCut} isWhole={wantsWhole} onWhole={setWantsWhole} />
        )}
        {/* Its place is kept, so that nothing moves when it comes. */}
        <div className={styles.reactions}>{note.deleted_at === null && <Reactions kind={type.name} id={note.id} reactions={entry.reactions} />}</div>
      </div>
    </article>
  );
}

interface NoteTextProps {
  text: string;
  isCut: boolean;
  isWhole: boolean;
  onWhole: (isWhole: boolean) => void;
}

function NoteText({ text, isCut, isWhole, onWhole }: NoteTextProps) {
  const { t } = useTranslation('timeline');
  const isLong = isCut || text.length > FOLDED_LENGTH || text.split('\n').length > FOLDED_LINES;
  return (
    <>
      <p className={classNames(styles.text, isLong && !isWhole && styles.folded)}>
        {partsOf(text).map((part, index) =>
          part.kind === 'text' ? (
            part.text
          ) : (
            <span key={index} className={styles.mention} {...(part.type === 'user' ? recordMark('user', part.id) : {})}>
              @{part.name}
            </span>
          ),
        )}
      </p>
      {isLong && (
        <Button look="link" aria-expanded={isWhole} onClick={() => onWhole(!isWhole)}>
          {t(isWhole ? 'fold' : 'whole')}
        </Button>
      )}
    </>
  );
}

interface EditorProps {
  type: ObjectType;
  note: RecordItem;
  draft: CommentDraft;
  /** It was begun before: whoever comes back to it meant to read the card first. */
  isBegun: boolean;
  onEnd: () => void;
}

/** What is typed here waits for whoever leaves and comes back; saving and cancelling end it. */
function Editor({ type, note, draft: { draft, setDraft, key, drop }, isBegun, onEnd }: EditorProps) {
  const { t } = useTranslation('timeline');
  const errorText = useErrorText();
  const errorId = useId();
  const [hasAutoFocus] = useState(!isBegun);
  const [details, setDetails] = useState<Values>({ category: note.values.category ?? null, [WHEN]: note.values[WHEN] ?? null });
  const change = useChangeRecord(type.name);

  function end(): void {
    drop();
    onEnd();
  }

  function save(): void {
    const text = toStored(draft);
    if (text === '' || change.isPending) return;
    const next: Values = { ...details, text };
    const values = Object.fromEntries(Object.entries(next).filter(([name, value]) => value !== (note.values[name] ?? null)));
    if (Object.keys(values).length === 0) return end();
    // Callbacks given to `mutate` are dropped with their component, and the card may be closed before the answer.
    change.mutateAsync({ id: note.id, version: note.version, values }).then(
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
        label={t('edit')}
        hasAutoFocus={hasAutoFocus}
        isInvalid={change.isError}
        describedBy={change.isError ? errorId : undefined}
      />
      {change.isError && <FieldError id={errorId}>{errorText(change.error)}</FieldError>}
      <div className={styles.bar}>
        <NoteDetails type={type} values={details} onChange={setDetails} />
        <span className={styles.hint} />
        <Button size="small" look="plain" onClick={end}>
          {t('cancel')}
        </Button>
        <Button size="small" look="primary" isBusy={change.isPending} disabledReason={draft.text.trim() === '' && t('empty')} onClick={save}>
          {t('save')}
        </Button>
      </div>
    </div>
  );
}
