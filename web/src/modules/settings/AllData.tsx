import { IconDownload } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';
import { useCodeText, useErrorText } from '@/api/errors';
import { exportUrl, isActive, useExportAll, useJobs } from '@/api/jobs';
import { useSession } from '@/api/session';
import { Banner } from '@/ui/Banner';
import { Button } from '@/ui/Button';
import { ProgressBar } from '@/ui/ProgressBar';
import { showToast } from '@/ui/toast';
import { useFormat } from '@/ui/use-format';
import styles from './AllData.module.css';

/** Everything out of the base in one archive; how far it is, and where it is once it is ready. */
export function AllData() {
  const { t } = useTranslation('settings');
  const format = useFormat();
  const errorText = useErrorText();
  const codeText = useCodeText();
  const { user } = useSession();
  const start = useExportAll();
  // An archive is for the one who asked for it.
  const job = (useJobs().data?.items ?? []).find((known) => known.kind === 'export_all' && known.user?.id === user.id);
  const url = job === undefined ? null : exportUrl(job);
  const isRunning = job !== undefined && isActive(job);
  return (
    <section className={styles.section} aria-labelledby="all-data">
      <h2 id="all-data" className={styles.heading}>
        {t('all_data.title')}
      </h2>
      <p className={styles.hint}>{t('all_data.text')}</p>
      <p className={styles.hint}>{t('all_data.careful')}</p>
      {start.isError && <Banner tone="error">{errorText(start.error)}</Banner>}
      {job?.state === 'failed' && job.error !== null && (
        <Banner tone="error">{t('all_data.failed', { reason: codeText(job.error.code, job.error.params) })}</Banner>
      )}
      {isRunning && (
        <div className={styles.progress}>
          <p role="status">
            {job.done === 0 ? t('all_data.begins') : t('all_data.rows', { count: job.done, number: format.number(job.done) })}
          </p>
          <ProgressBar done={job.done} total={null} label={t('all_data.title')} />
          <p className={styles.hint}>{t('all_data.leave')}</p>
        </div>
      )}
      <div className={styles.actions}>
        <Button
          isBusy={start.isPending || isRunning}
          onClick={() => start.mutate(undefined, { onSuccess: () => showToast(t('all_data.started')) })}
        >
          {t('all_data.run')}
        </Button>
        {url !== null && job?.finished_at != null && (
          <p className={styles.ready}>
            {t('all_data.ready', { when: format.recent(job.finished_at) })}
            <a className={styles.download} href={url} download>
              <IconDownload size={16} aria-hidden="true" />
              {t('all_data.download')}
            </a>
          </p>
        )}
      </div>
    </section>
  );
}
