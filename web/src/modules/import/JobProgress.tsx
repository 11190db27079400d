import { useQueryClient } from '@tanstack/react-query';
import { useEffect } from 'react';
import { useTranslation } from 'react-i18next';
import { useErrorText } from '@/api/errors';
import { isActive, useCancelJob, useJob } from '@/api/jobs';
import { keys } from '@/api/keys';
import type { Job } from '@/api/types';
import { Button } from '@/ui/Button';
import { FieldError } from '@/ui/FormField';
import { ProgressBar } from '@/ui/ProgressBar';
import { useFormat } from '@/ui/use-format';
import styles from './JobProgress.module.css';

export interface JobProgressProps {
  job: Job | null;
  importId: number;
  title: string;
  /** Why one may leave, and what stopping would mean. */
  hint: string;
}

/** How far the work on a file is; when it ends the import is read again. */
export function JobProgress({ job: known, importId, title, hint }: JobProgressProps) {
  const { t } = useTranslation('import');
  const format = useFormat();
  const errorText = useErrorText();
  const client = useQueryClient();
  const cancel = useCancelJob();
  const job = useJob(known?.id ?? null).data ?? known;
  const hasEnded = job !== null && !isActive(job);

  useEffect(() => {
    if (hasEnded) void client.invalidateQueries({ queryKey: keys.import(importId) });
  }, [client, hasEnded, importId]);

  return (
    <section className={styles.progress} aria-label={title}>
      <div className={styles.line}>
        <h2 className={styles.title}>{title}</h2>
        <span className={styles.count} role="status">
          {job === null || job.state === 'queued'
            ? t('job.queued')
            : job.total === null
              ? t('job.done', { done: format.number(job.done) })
              : t('job.done_of', { done: format.number(job.done), total: format.number(job.total) })}
        </span>
      </div>
      <ProgressBar done={job?.done ?? 0} total={job?.state === 'queued' ? null : (job?.total ?? null)} label={title} />
      <p className={styles.hint}>{hint}</p>
      {job !== null && isActive(job) && job.can_cancel && (
        <Button className={styles.cancel} isBusy={cancel.isPending || cancel.isSuccess} onClick={() => cancel.mutate(job.id)}>
          {cancel.isSuccess ? t('job.stopping') : t('job.cancel')}
        </Button>
      )}
      {cancel.isError && <FieldError>{errorText(cancel.error)}</FieldError>}
    </section>
  );
}
