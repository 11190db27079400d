import { useInfiniteQuery, useQueryClient } from '@tanstack/react-query';
import { useEffect, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useErrorText } from '@/api/errors';
import { importProblemsQuery, useLoadQueue } from '@/api/imports';
import { isActive, useJob } from '@/api/jobs';
import { keys } from '@/api/keys';
import type { ImportItem } from '@/api/types';
import { Button } from '@/ui/Button';
import { showToast } from '@/ui/toast';
import { useFormat } from '@/ui/use-format';
import { DecisionList } from './DecisionList';
import styles from './Report.module.css';

/** The rows that an import left undecided: answered now or later, loaded by the answers. */
export function Queue({ item, count }: { item: ImportItem; count: number }) {
  const { t } = useTranslation('import');
  const format = useFormat();
  const client = useQueryClient();
  const errorText = useErrorText();
  const load = useLoadQueue(item.id);
  const [jobId, setJobId] = useState<number | null>(null);
  const job = useJob(jobId).data;
  const hasEnded = job !== undefined && !isActive(job);
  const isRunning = job !== undefined && isActive(job);
  const rows = useInfiniteQuery(importProblemsQuery(item.id, 'decision')).data?.pages.flatMap((page) => page.items) ?? [];
  const isAnyDecided = rows.some((row) => row.decision !== null);

  useEffect(() => {
    if (!hasEnded) return;
    void client.invalidateQueries({ queryKey: keys.import(item.id) });
    void client.invalidateQueries({ queryKey: ['records'] });
  }, [client, hasEnded, item.id]);

  return (
    <section className={styles.queue} aria-label={t('queue.list')}>
      <div className={styles.queueHead}>
        <div className={styles.queueText}>
          <h2 className={styles.heading}>{t('queue.title', { count })}</h2>
          <p className={styles.hint}>{t('queue.hint')}</p>
        </div>
        <Button
          look="primary"
          isBusy={load.isPending || isRunning}
          disabledReason={isAnyDecided ? null : t('queue.choose')}
          onClick={() =>
            load.mutate(undefined, {
              onSuccess: (answer) => setJobId(answer.job.id),
              onError: (error) => showToast(errorText(error), { tone: 'error' }),
            })
          }
        >
          {isRunning && job.total !== null
            ? t('queue.running', { done: format.number(job.done), total: format.number(job.total) })
            : t('queue.load')}
        </Button>
      </div>
      <DecisionList item={item} isQueue />
    </section>
  );
}
