import { useInfiniteQuery } from '@tanstack/react-query';
import { useEffect, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useCatalog } from '@/api/catalog';
import { useErrorText } from '@/api/errors';
import { laterChangesQuery, type LaterChange } from '@/api/operations';
import { RecordLink } from '@/fields/RecordLink';
import { fieldKind } from '@/fields/registry';
import { Button } from '@/ui/Button';
import { Dialog } from '@/ui/Dialog';
import { ErrorState } from '@/ui/EmptyState';
import { SegmentedChoice } from '@/ui/SegmentedChoice';
import { Skeleton } from '@/ui/Skeleton';
import { useFormat } from '@/ui/use-format';
import { changeKey, confirmWords, isTaken, KEEP_ALL, overwriteOf, TAKE_ALL, withChoice, type LaterChoices } from './later-choices';
import type { LaterQuestion } from './later-store';
import styles from './LaterChangesDialog.module.css';
import { useUndoWithToast } from './use-undo-with-toast';

/** What was changed since an operation, field by field: it is kept, or taken back too. */
export function LaterChangesDialog({ question, onClose }: { question: LaterQuestion; onClose: () => void }) {
  const { t } = useTranslation('records');
  const format = useFormat();
  const errorText = useErrorText();
  const { undo, isPending } = useUndoWithToast();
  const [choices, setChoices] = useState<LaterChoices>(KEEP_ALL);
  const { data, error, isFetching, hasNextPage, fetchNextPage, refetch } = useInfiniteQuery(laterChangesQuery(question.operationId));
  const changes = data?.pages.flatMap((page) => page.items) ?? [];
  const isEmpty = changes.length === 0;

  // Most records of a large operation were not touched since, so a page may hold nothing.
  useEffect(() => {
    if (isEmpty && hasNextPage && !isFetching) void fetchNextPage();
  }, [isEmpty, hasNextPage, isFetching, fetchNextPage]);

  async function run(): Promise<void> {
    const answer = await undo(question.operationId, overwriteOf(choices), question.isUndone);
    if (answer === null) return;
    question.onDone?.(answer);
    onClose();
  }

  const { key, count } = confirmWords(choices, question.isUndone);
  const isLooking = isEmpty && (isFetching || hasNextPage);
  const lookedAt = data?.pages.at(-1)?.looked_at ?? 0;
  return (
    <Dialog
      title={t('later.title')}
      size="large"
      onClose={onClose}
      footer={
        <>
          <Button onClick={onClose}>{t('later.cancel')}</Button>
          {!(question.isUndone && isEmpty) && (
            <Button look="primary" isBusy={isPending} disabledReason={key === 'choose_first' ? t('later.choose_first') : data === undefined ? t('loading') : undefined} onClick={() => void run()}>
              {key === 'take' || key === 'undo_taking' ? t(`later.${key}`, { count }) : t(`later.${key}`, { number: format.number(count) })}
            </Button>
          )}
        </>
      }
    >
      {question.line !== undefined && <p className={styles.line}>{question.line}</p>}
      {error !== null && isEmpty && <ErrorState message={errorText(error)} onRetry={() => void refetch()} />}
      {isLooking && error === null && <Skeleton lines={3} label={t('loading')} />}
      {isEmpty && !isLooking && error === null && <p>{t('later.none')}</p>}
      {!isEmpty && (
        <>
          <p className={styles.intro}>{t(question.isUndone ? 'later.after' : 'later.before')}</p>
          <div className={styles.all}>
            <SegmentedChoice
              label={t(hasNextPage ? 'later.all_more' : 'later.all')}
              value={choices.differ.size > 0 ? null : choices.isAll ? 'overwrite' : 'keep'}
              options={[
                { value: 'keep', label: t('later.keep') },
                { value: 'overwrite', label: t('later.overwrite') },
              ]}
              onChange={(value) => setChoices(value === 'keep' ? KEEP_ALL : TAKE_ALL)}
            />
            <span aria-hidden="true">{t(hasNextPage ? 'later.all_more' : 'later.all')}</span>
          </div>
          <ul className={styles.list}>
            {changes.map((change) => (
              <ChangeRow
                key={changeKey(change)}
                change={change}
                takes={isTaken(choices, change)}
                onFollow={onClose}
                onChoose={(takes) => setChoices((before) => withChoice(before, change, takes))}
              />
            ))}
          </ul>
          {hasNextPage && (
            <div className={styles.more}>
              <Button size="small" isBusy={isFetching} onClick={() => void fetchNextPage()}>
                {t('later.more')}
              </Button>
              <span className={styles.hint}>{t('later.looked', { number: format.number(lookedAt) })}</span>
            </div>
          )}
        </>
      )}
    </Dialog>
  );
}

interface ChangeRowProps {
  change: LaterChange;
  takes: boolean;
  onChoose: (takes: boolean) => void;
  onFollow: () => void;
}

function ChangeRow({ change, takes, onChoose, onFollow }: ChangeRowProps) {
  const { t } = useTranslation('records');
  const format = useFormat();
  const type = useCatalog().object_types.find((candidate) => candidate.name === change.type);
  const field = type?.fields.find((candidate) => candidate.name === change.field);
  const title = change.title === '' ? `№ ${change.id}` : change.title;
  const label = field === undefined ? t('later.record') : format.label(field.labels);
  const when = change.changed_at === null ? null : format.recent(change.changed_at);
  const Display = field === undefined ? null : fieldKind(field.kind).Display;
  return (
    <li className={styles.change}>
      <div className={styles.what}>
        <p className={styles.place}>
          {/* The link itself stops the press, hence the capture. */}
          <span onClickCapture={onFollow}>
            <RecordLink type={change.type} id={change.id} className={styles.record}>
              {title}
            </RecordLink>
          </span>
          <span className={styles.field}>{label}</span>
        </p>
        {field === undefined || Display === null ? (
          <p className={styles.values}>
            {t('later.removed')} <span aria-hidden="true">→</span> <span className={takes ? styles.wins : styles.loses}>{t('later.to_trash')}</span>
          </p>
        ) : (
          <div className={styles.values}>
            <span className={styles.tag}>{t('later.now')}</span>
            <span className={takes ? styles.loses : styles.wins}>
              <Display field={field} value={change.current} isCompact={field.kind === 'channels'} />
            </span>
            <span className={styles.tag}>{t('later.would_be')}</span>
            <span className={takes ? styles.wins : styles.loses}>
              <Display field={field} value={change.would_be} isCompact={field.kind === 'channels'} />
            </span>
          </div>
        )}
        {when !== null && (
          <p className={styles.hint}>
            {change.changed_by?.title == null ? t('later.changed', { when }) : t('later.changed_by', { when, who: change.changed_by.title })}
          </p>
        )}
      </div>
      {change.can_overwrite ? (
        <SegmentedChoice
          label={t('later.choice', { title, field: label })}
          value={takes ? 'overwrite' : 'keep'}
          options={[
            { value: 'keep', label: t('later.keep') },
            { value: 'overwrite', label: t('later.overwrite') },
          ]}
          onChange={(value) => onChoose(value === 'overwrite')}
        />
      ) : (
        <span className={styles.hint}>{t('later.no_right')}</span>
      )}
    </li>
  );
}
