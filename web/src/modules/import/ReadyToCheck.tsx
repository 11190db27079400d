import { useTranslation } from 'react-i18next';
import { useErrorText } from '@/api/errors';
import { useChangeImport, useCheckImport } from '@/api/imports';
import type { ImportItem } from '@/api/types';
import { Banner } from '@/ui/Banner';
import { Button } from '@/ui/Button';
import { BackToColumns } from './BackToColumns';
import { BrokenCheck } from './BrokenCheck';
import styles from './ColumnsStep.module.css';
import { LoadSettings } from './LoadSettings';
import { Preview } from './Preview';
import { StepPage } from './StepPage';

/** Before the dry run of an address book: its columns are fixed, the settings are not. */
export function ReadyToCheck({ item }: { item: ImportItem }) {
  const { t } = useTranslation('import');
  const errorText = useErrorText();
  const change = useChangeImport(item.id);
  const check = useCheckImport(item.id);
  const error = check.error ?? change.error;
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
      <div className={styles.messages}>
        {error !== null && <Banner tone="error">{errorText(error)}</Banner>}
        <BrokenCheck item={item} />
      </div>
      <div className={styles.split}>
        <div className={styles.main}>
          <LoadSettings item={item} onChange={(input) => change.mutate(input)} />
        </div>
        <aside className={styles.aside} aria-label={t('preview.title')}>
          <Preview item={item} isStale={change.isPending} />
        </aside>
      </div>
    </StepPage>
  );
}
