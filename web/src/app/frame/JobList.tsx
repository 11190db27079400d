/** The rows of the window of long work, which come when it is opened. */
import { IconDownload } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import { useCodeText, useErrorText } from '@/api/errors';
import { importsQuery } from '@/api/imports';
import { exportUrl, failuresUrl, isActive, useCancelJob } from '@/api/jobs';
import type { Job } from '@/api/types';
import { showLaterChanges } from '@/records/operations/later-store';
import { Button } from '@/ui/Button';
import { ProgressBar } from '@/ui/ProgressBar';
import { useFormat } from '@/ui/use-format';
import { jobFile } from './job-file';
import { jobKindKey, keptOperation, readJobReport } from './job-report';
import { JobReportText } from './JobReportText';
import styles from './JobsIndicator.module.css';

export function JobList({ jobs, onFollow }: { jobs: readonly Job[]; onFollow: () => void }) {
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
