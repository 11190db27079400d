import { IconDownload } from '@tabler/icons-react';
import { useQueryClient } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { useCallback, useEffect, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useCodeText } from '@/api/errors';
import { failedRowsUrl } from '@/api/imports';
import { isActive, useJob } from '@/api/jobs';
import { keys } from '@/api/keys';
import type { ImportItem } from '@/api/types';
import { hasLaterChanges } from '@/records/operations/has-later-changes';
import { showLaterChanges } from '@/records/operations/later-store';
import { useUndoWithToast } from '@/records/operations/use-undo-with-toast';
import { paths } from '@/records/paths';
import { Banner } from '@/ui/Banner';
import { Button } from '@/ui/Button';
import { ConfirmDialog } from '@/ui/Dialog';
import { useFormat } from '@/ui/use-format';
import { ErrorList } from './ErrorList';
import { importedFilter } from './imported-filter';
import { Queue } from './Queue';
import styles from './Report.module.css';
import { ReportTable } from './ReportTable';
import { hasResults } from './row-count';
import { StepPage } from './StepPage';

/** What the import did, with the rows it did not take, the way to its contacts and the way back. */
export function Report({ item }: { item: ImportItem }) {
  const { t } = useTranslation('import');
  const navigate = useNavigate();
  const filter = importedFilter(item);
  const { report } = item;
  const written = report === null ? 0 : report.created + report.updated;
  const waiting = report?.undecided ?? 0;
  const left = report === null ? 0 : report.failed + report.skipped;
  return (
    <StepPage
      actions={
        <>
          <span className={styles.spacer} />
          {item.can_undo && written > 0 && <UndoImport item={item} count={item.state === 'undone' ? item.queue_records : Math.max(written - item.queue_records_of_others, 1)} />}
          <Button onClick={() => void navigate(paths.imports())}>{t('result.another')}</Button>
          {filter !== null && written > 0 && item.state !== 'undone' && (
            <Button look="primary" onClick={() => void navigate(paths.list(item.type, { filter }))}>
              {t('result.show')}
            </Button>
          )}
        </>
      }
    >
      <div className={styles.page}>
        <Outcome item={item} />
        {report !== null && (hasResults(item) || item.state === 'done') && <ReportTable report={report} />}
        {left > 0 && (
          <section className={styles.failed}>
            <div className={styles.failedText}>
              <h2 className={styles.heading}>{t('result.left', { count: left })}</h2>
              <p className={styles.hint}>{t('result.left_hint')}</p>
            </div>
            {(['xlsx', 'csv'] as const).map((format) => (
              <a key={format} className={styles.download} href={failedRowsUrl(item.id, format)} download>
                <IconDownload size={16} aria-hidden="true" />
                {t('result.download', { format: format.toUpperCase() })}
              </a>
            ))}
          </section>
        )}
        {(report?.warnings ?? 0) > 0 && (
          <section aria-label={t('report.warnings')}>
            <h2 className={styles.heading}>{t('report.warnings')}</h2>
            <ErrorList item={item} kind="warning" />
          </section>
        )}
      </div>
      {waiting > 0 && item.state === 'done' && <Queue item={item} count={waiting} />}
    </StepPage>
  );
}

function Outcome({ item }: { item: ImportItem }) {
  const { t } = useTranslation('import');
  const codeText = useCodeText();
  const format = useFormat();
  switch (item.state) {
    case 'failed':
      return (
        <Banner tone="error">
          {item.job?.error != null && codeText(item.job.error.code, item.job.error.params)} {t('result.broken')}
        </Banner>
      );
    case 'cancelled':
      return <Banner tone="warning">{hasResults(item) ? t('result.stopped') : t('result.stopped_early')}</Banner>;
    case 'undone': {
      // What its queue loaded is in force still.
      const left = item.queue_records + item.queue_records_of_others;
      return (
        <Banner tone={left > 0 ? 'warning' : 'info'}>
          {left > 0 ? t('result.undone_in_part', { count: left, number: format.number(left) }) : t('result.undone')}
        </Banner>
      );
    }
    default:
      return <Banner tone="success">{t('result.done')}</Banner>;
  }
}

/** Takes the import back with what its queue loaded. Where a large part is taken back by a job, the next follows at its end. */
function UndoImport({ item, count }: { item: ImportItem; count: number }) {
  const { t } = useTranslation('import');
  const format = useFormat();
  const client = useQueryClient();
  const { undoImport, isPending } = useUndoWithToast();
  const [jobId, setJobId] = useState<number | null>(null);
  const [hasMore, setHasMore] = useState(false);
  const [asks, setAsks] = useState(false);
  const [isLooking, setIsLooking] = useState(false);
  const job = useJob(jobId).data;
  const hasEnded = job !== undefined && !isActive(job);

  const run = useCallback(async (): Promise<void> => {
    setHasMore(false);
    const answer = await undoImport(item.id);
    setJobId(answer?.job?.id ?? null);
    setHasMore((answer?.left ?? 0) > 0);
    setAsks(false);
  }, [undoImport, item.id]);

  useEffect(() => {
    if (!hasEnded) return;
    void client.invalidateQueries({ queryKey: keys.import(item.id) });
    if (hasMore && job.state === 'done') void run();
  }, [client, hasEnded, hasMore, job?.state, run, item.id]);

  async function begin(): Promise<void> {
    const operationId = item.state === 'undone' ? null : item.operation_id;
    // What the queue loaded counts as later than the import, and goes back with it.
    if (operationId === null || item.queue_records > 0) return setAsks(true);
    setIsLooking(true);
    const isChanged = await hasLaterChanges(client, operationId);
    setIsLooking(false);
    if (!isChanged) setAsks(true);
    else showLaterChanges({ operationId, isUndone: false, line: t('undo.title'), onDone: (answer) => setJobId(answer.job?.id ?? null) });
  }

  const isRunning = job !== undefined && isActive(job);
  return (
    <>
      <Button isBusy={isPending || isRunning || isLooking} onClick={() => void begin()}>
        {isRunning && job.total !== null
          ? t('undo.progress', { done: format.number(job.done), total: format.number(job.total) })
          : t('undo.button')}
      </Button>
      {asks && (
        <ConfirmDialog
          isDangerous
          title={t('undo.title')}
          confirmLabel={t('undo.confirm', { count, number: format.number(count) })}
          isBusy={isPending}
          onConfirm={() => void run()}
          onClose={() => setAsks(false)}
        >
          <p>{t('undo.text')}</p>
          {item.queue_records > 0 && <p>{t('undo.queue', { count: item.queue_records, number: format.number(item.queue_records) })}</p>}
          {item.queue_records_of_others > 0 && (
            <p>{t('undo.queue_of_others', { count: item.queue_records_of_others, number: format.number(item.queue_records_of_others) })}</p>
          )}
        </ConfirmDialog>
      )}
    </>
  );
}
