import { IconDownload } from '@tabler/icons-react';
import { useQueryClient } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { useEffect, useState } from 'react';
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
          {/* A toast says at the left that the work has ended; nothing to press may lie below it. */}
          <span className={styles.spacer} />
          {item.operation_id !== null && item.can_undo && written > 0 && (
            <UndoImport importId={item.id} operationId={item.operation_id} count={written} />
          )}
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
  switch (item.state) {
    case 'failed':
      return (
        <Banner tone="error">
          {item.job?.error != null && codeText(item.job.error.code, item.job.error.params)} {t('result.broken')}
        </Banner>
      );
    case 'cancelled':
      return <Banner tone="warning">{hasResults(item) ? t('result.stopped') : t('result.stopped_early')}</Banner>;
    case 'undone':
      return <Banner tone="info">{t('result.undone')}</Banner>;
    default:
      return <Banner tone="success">{t('result.done')}</Banner>;
  }
}

function UndoImport({ importId, operationId, count }: { importId: number; operationId: number; count: number }) {
  const { t } = useTranslation('import');
  const format = useFormat();
  const client = useQueryClient();
  const { undo, isPending } = useUndoWithToast();
  const [jobId, setJobId] = useState<number | null>(null);
  const [asks, setAsks] = useState(false);
  const [isLooking, setIsLooking] = useState(false);
  const job = useJob(jobId).data;
  const hasEnded = job !== undefined && !isActive(job);

  useEffect(() => {
    if (hasEnded) void client.invalidateQueries({ queryKey: keys.import(importId) });
  }, [client, hasEnded, importId]);

  function run(): void {
    void undo(operationId).then((answer) => {
      setJobId(answer?.job?.id ?? null);
      setAsks(false);
    });
  }

  async function begin(): Promise<void> {
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
          onConfirm={run}
          onClose={() => setAsks(false)}
        >
          {t('undo.text')}
        </ConfirmDialog>
      )}
    </>
  );
}
