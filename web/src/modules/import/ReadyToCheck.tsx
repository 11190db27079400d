import { useTranslation } from 'react-i18next';
import { useCodeText, useErrorText } from '@/api/errors';
import { useChangeImport, useCheckImport } from '@/api/imports';
import type { ImportItem } from '@/api/types';
import { Banner } from '@/ui/Banner';
import { Button } from '@/ui/Button';
import { BackToColumns } from './BackToColumns';
import styles from './ColumnsStep.module.css';
import { FileOptions } from './FileOptions';
import { LoadSettings } from './LoadSettings';
import { Preview } from './Preview';
import { StepPage } from './StepPage';

/** Before the dry run of an address book, and after one that was stopped or broke off. */
export function ReadyToCheck({ item }: { item: ImportItem }) {
  const { t } = useTranslation('import');
  const errorText = useErrorText();
  const codeText = useCodeText();
  const change = useChangeImport(item.id);
  const check = useCheckImport(item.id);
  const error = check.error ?? change.error;
  const broken = item.state === 'failed' ? item.job?.error : null;
  return (
    <StepPage
      actions={
        <>
          <BackToColumns item={item} />
          <span className={styles.spacer} />
          <Button look="primary" isBusy={check.isPending} onClick={() => check.mutate()}>
            {t('columns.check')}
          </Button>
        </>
      }
    >
      {error !== null && (
        <div className={styles.error}>
          <Banner tone="error">{errorText(error)}</Banner>
        </div>
      )}
      {broken != null && (
        <div className={styles.error}>
          <Banner tone="error">{codeText(broken.code, broken.params)}</Banner>
        </div>
      )}
      {item.state === 'cancelled' && (
        <div className={styles.error}>
          <Banner tone="info">{t('check.stopped')}</Banner>
        </div>
      )}
      <div className={styles.split}>
        <div className={styles.main}>
          <FileOptions item={item} onChange={(input) => change.mutate(input)} />
          <LoadSettings item={item} onChange={(input) => change.mutate(input)} />
        </div>
        <aside className={styles.aside} aria-label={t('preview.title')}>
          <Preview item={item} isStale={change.isPending} />
        </aside>
      </div>
    </StepPage>
  );
}
