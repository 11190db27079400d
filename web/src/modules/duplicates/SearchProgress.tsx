import { useQueryClient } from '@tanstack/react-query';
import { useEffect } from 'react';
import { useTranslation } from 'react-i18next';
import { isActive, useCancelJob, useJob } from '@/api/jobs';
import { keys } from '@/api/keys';
import type { Job } from '@/api/types';
import { Button } from '@/ui/Button';
import { ProgressBar } from '@/ui/ProgressBar';
import { useFormat } from '@/ui/use-format';
import styles from './DuplicatesScreen.module.css';

/** How far the search is; when it ends the queue is read again. */
export function SearchProgress({ job: known }: { job: Job }) {
  const { t } = useTranslation('duplicates');
  const format = useFormat();
  const client = useQueryClient();
  const cancel = useCancelJob();
  const job = useJob(known.id).data ?? known;
  const hasEnded = !isActive(job);

  useEffect(() => {
    if (hasEnded) void client.invalidateQueries({ queryKey: keys.duplicates });
  }, [client, hasEnded]);

  return (
    <section className={styles.progress} aria-label={t('searching')}>
      <div className={styles.line}>
        <h2>{t('searching')}</h2>
        <span className={styles.count} role="status">
          {job.total !== null && job.total > 0 && t('progress', { done: format.number(Math.floor(job.done / 2)), total: format.number(job.total / 2) })}
        </span>
      </div>
      <ProgressBar done={job.done} total={job.state === 'queued' ? null : job.total} label={t('searching')} />
      {job.can_cancel && (
        <Button size="small" className={styles.stop} isBusy={cancel.isPending || cancel.isSuccess} onClick={() => cancel.mutate(job.id)}>
          {t('stop')}
        </Button>
      )}
    </section>
  );
}
