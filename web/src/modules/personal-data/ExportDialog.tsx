import { IconDownload } from '@tabler/icons-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useCodeText, useErrorText } from '@/api/errors';
import { exportUrl, isActive, useJob } from '@/api/jobs';
import { useExportSubject } from '@/api/personal-data';
import type { CardToolProps } from '@/records/card/card-tools';
import { Banner } from '@/ui/Banner';
import { Button } from '@/ui/Button';
import { Dialog } from '@/ui/Dialog';
import { ProgressBar } from '@/ui/ProgressBar';
import styles from './PersonalData.module.css';

/** Everything about one person in one archive, to be handed to him. */
export function ExportDialog({ record, onClose }: CardToolProps) {
  const { t } = useTranslation('personal-data');
  const errorText = useErrorText();
  const codeText = useCodeText();
  const start = useExportSubject();
  const [jobId, setJobId] = useState<number | null>(null);
  const job = useJob(jobId).data;
  const isRunning = jobId !== null && (job === undefined || isActive(job));
  const url = job === undefined ? null : exportUrl(job);
  return (
    <Dialog
      title={t('export.title', { name: record.title })}
      size="small"
      onClose={onClose}
      footer={
        <>
          <Button onClick={onClose}>{t('close')}</Button>
          {url === null && (
            <Button
              look="primary"
              data-autofocus=""
              isBusy={start.isPending || isRunning}
              onClick={() => start.mutate(record.id, { onSuccess: ({ job: started }) => setJobId(started.id) })}
            >
              {t('export.run')}
            </Button>
          )}
        </>
      }
    >
      <div className={styles.form}>
        <p className={styles.hint}>{t('export.text')}</p>
        {start.isError && <Banner tone="error">{errorText(start.error)}</Banner>}
        {job?.state === 'failed' && job.error !== null && <Banner tone="error">{codeText(job.error.code, job.error.params)}</Banner>}
        {isRunning && <ProgressBar done={0} total={null} label={t('export.runs')} />}
        {url !== null && (
          <Banner tone="success">
            <p>{t('export.ready')}</p>
            <a className={styles.download} href={url} download>
              <IconDownload size={16} aria-hidden="true" />
              {t('export.download')}
            </a>
          </Banner>
        )}
        <p className={styles.hint}>{t('export.careful')}</p>
      </div>
    </Dialog>
  );
}
