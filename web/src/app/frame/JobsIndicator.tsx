import { IconActivity, IconDownload } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { useEffect, useRef } from 'react';
import { useTranslation } from 'react-i18next';
import { useErrorText, useCodeText } from '@/api/errors';
import { importsQuery } from '@/api/imports';
import { exportUrl, failuresUrl, isActive, useCancelJob, useJobs } from '@/api/jobs';
import type { Job } from '@/api/types';
import { showLaterChanges } from '@/records/operations/later-store';
import { useUndoWithToast } from '@/records/operations/use-undo-with-toast';
import { Button } from '@/ui/Button';
import { Popover } from '@/ui/Popover';
import { ProgressBar } from '@/ui/ProgressBar';
import { showToast } from '@/ui/toast';
import { useFormat } from '@/ui/use-format';
import { jobFile } from './job-file';
import { jobKindKey, keptOperation, readJobReport, undoableOperation } from './job-report';
import { JobReportText, useReportParts } from './JobReportText';
import styles from './JobsIndicator.module.css';

const SHOWN_JOBS = 8;

/** Long work: what runs, how far it is, and what has ended lately. */
export function JobsIndicator() {
  const { t } = useTranslation('app');
  const jobs = useJobs().data?.items ?? [];
  const active = jobs.filter(isActive);
  useAnnounceEnd(jobs);
  return (
    <Popover
      placement="bottom-end"
      label={t('jobs.title')}
      className={styles.popover}
      trigger={
        <button
          type="button"
          className={styles.trigger}
          data-active={active.length > 0 || undefined}
          aria-label={active.length > 0 ? t('jobs.running', { count: active.length }) : t('jobs.title')}
          title={t('jobs.title')}
        >
          <IconActivity size={16} aria-hidden="true" />
          {active.length > 0 && <span className={styles.dot} aria-hidden="true" />}
        </button>
      }
    >
      {(close) => (
        <div>
          <h2 className={styles.title}>{t('jobs.title')}</h2>
          {jobs.length === 0 && <p className={styles.none}>{t('jobs.none')}</p>}
          <JobList jobs={jobs.slice(0, SHOWN_JOBS)} onFollow={close} />
        </div>
      )}
    </Popover>
  );
}

function JobList({ jobs, onFollow }: { jobs: readonly Job[]; onFollow: () => void }) {
  const readsFiles = jobs.some((job) => job.kind === 'import' || job.kind === 'import_check');
  const imports = useQuery({ ...importsQuery, enabled: readsFiles }).data?.items ?? [];
  return (
    <ul>
      {jobs.map((job) => (
        <JobRow key={job.id} job={job} file={jobFile(job, imports)} onFollow={onFollow} />
      ))}
    </ul>
  );
}

function JobRow({ job, file, onFollow }: { job: Job; file: string | null; onFollow: () => void }) {
  const { t } = useTranslation('app');
  const format = useFormat();
  const codeText = useCodeText();
  const errorText = useErrorText();
  const cancel = useCancelJob();
  const url = exportUrl(job);
  const report = readJobReport(job);
  const kept = keptOperation(job);
  const kind = t(jobKindKey(job));
  return (
    <li className={styles.job}>
      <div className={styles.line}>
        <span className={styles.kind}>{kind}</span>
        <span className={styles.state}>
          {isActive(job) && job.total !== null
            ? t('jobs.progress', { done: format.number(job.done), total: format.number(job.total) })
            : t(`jobs.states.${job.state}`)}
        </span>
        {url !== null && (
          <a className={styles.download} href={url} download>
            <IconDownload size={14} aria-hidden="true" />
            {t('jobs.download')}
          </a>
        )}
        {isActive(job) && job.can_cancel && (
          <Button look="link" isBusy={cancel.isPending} onClick={() => cancel.mutate(job.id)}>
            {t('jobs.cancel')}
          </Button>
        )}
      </div>
      {file !== null && (
        <p className={styles.file} title={file}>
          {file}
        </p>
      )}
      {isActive(job) && <ProgressBar done={job.done} total={job.total} label={kind} />}
      {report !== null && <JobReportText report={report} onFollow={onFollow} />}
      <FailureTable job={job} />
      {kept !== null && (
        <Button
          look="link"
          onClick={() => {
            onFollow();
            showLaterChanges({ operationId: kept, isUndone: job.operation_id !== null });
          }}
        >
          {t('jobs.show_kept')}
        </Button>
      )}
      {job.error !== null && <p className={styles.error}>{codeText(job.error.code, job.error.params)}</p>}
      {cancel.isError && <p className={styles.error}>{errorText(cancel.error)}</p>}
    </li>
  );
}

/** The records that were left, as a table to download; where there were more than are kept, the words say so. */
function FailureTable({ job }: { job: Job }) {
  const { t } = useTranslation('app');
  const format = useFormat();
  if (failuresUrl(job, 'xlsx') === null) return null;
  const isCut = job.failed_count > job.listed_count;
  return (
    <p className={styles.failures}>
      <span>
        {isCut
          ? t('jobs.failures_first', { listed: format.number(job.listed_count), number: format.number(job.failed_count) })
          : t('jobs.failures', { number: format.number(job.failed_count) })}
      </span>
      {(['xlsx', 'csv'] as const).map((kind) => (
        <a key={kind} className={styles.download} href={failuresUrl(job, kind) ?? undefined} download aria-label={t('jobs.failures_download', { format: kind.toUpperCase() })}>
          <IconDownload size={14} aria-hidden="true" />
          {kind.toUpperCase()}
        </a>
      ))}
    </p>
  );
}

/** Says when something that was seen running has ended, and what it did not reach. */
function useAnnounceEnd(jobs: readonly Job[]): void {
  const { t } = useTranslation('app');
  const reportParts = useReportParts();
  const { undo } = useUndoWithToast();
  const running = useRef(new Set<number>());
  useEffect(() => {
    for (const job of jobs) {
      if (isActive(job)) {
        running.current.add(job.id);
      } else if (running.current.delete(job.id) && job.kind !== 'import_check') {
        const url = exportUrl(job);
        const report = readJobReport(job);
        const ended = t('jobs.ended', { kind: t(jobKindKey(job)), state: t(`jobs.states.${job.state}`) });
        const operation = undoableOperation(job);
        const kept = keptOperation(job);
        showToast([ended, ...(report === null ? [] : reportParts(report))].join('. '), {
          // What was refused must be read, so it does not go by itself.
          tone: job.state === 'failed' || (report !== null && report.failed > 0) ? 'error' : 'normal',
          action:
            url !== null
              ? { label: t('jobs.download'), onPress: () => window.location.assign(url) }
              : operation !== null
                ? { label: t('jobs.undo'), undoes: operation, onPress: () => void undo(operation) }
                : kept !== null
                  ? { label: t('jobs.show_kept'), onPress: () => showLaterChanges({ operationId: kept, isUndone: job.operation_id !== null }) }
                  : null,
        });
      }
    }
  }, [jobs, t, reportParts, undo]);
}
