import { useNavigate } from '@tanstack/react-router';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useErrorText } from '@/api/errors';
import { useChangeImport, useCheckImport } from '@/api/imports';
import type { ImportChange, ImportItem } from '@/api/types';
import { paths } from '@/records/paths';
import { Banner } from '@/ui/Banner';
import { Button } from '@/ui/Button';
import { Checkbox } from '@/ui/Checkbox';
import { BrokenCheck } from './BrokenCheck';
import { ColumnTable } from './ColumnTable';
import styles from './ColumnsStep.module.css';
import { FileOptions } from './FileOptions';
import { LoadSettings } from './LoadSettings';
import { Preview } from './Preview';
import { StepPage } from './StepPage';

/** Which column goes where, with the first rows as they will be recorded. */
export function ColumnsStep({ item }: { item: ImportItem }) {
  const { t } = useTranslation('import');
  const navigate = useNavigate();
  const errorText = useErrorText();
  const change = useChangeImport(item.id);
  const check = useCheckImport(item.id);
  const [remembers, setRemembers] = useState(item.check === null || item.remember);
  const isMapped = item.columns.some((column) => column.target !== null);
  const isChecked = item.check !== null && item.state === 'checked';

  function goOn(): void {
    if (isChecked) {
      void navigate({ to: '/import/$id', params: { id: String(item.id) }, search: { step: 'check' } });
      return;
    }
    change.mutate(
      { remember: remembers },
      {
        onSuccess: () =>
          check.mutate(undefined, {
            onSuccess: () => void navigate({ to: '/import/$id', params: { id: String(item.id) }, search: { step: 'check' } }),
          }),
      },
    );
  }

  const apply = (input: ImportChange): void => change.mutate(input);
  const error = check.error ?? change.error;
  return (
    <StepPage
      actions={
        <>
          <Button onClick={() => void navigate(paths.imports())}>{t('columns.other_file')}</Button>
          <span className={styles.spacer} />
          <Checkbox isChecked={remembers} onChange={setRemembers} label={t('columns.remember')} className={styles.remember} />
          <Button
            look="primary"
            isBusy={check.isPending}
            disabledReason={isMapped ? null : t('columns.nothing_mapped')}
            onClick={goOn}
          >
            {isChecked ? t('columns.to_check') : t('columns.check')}
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
          <FileOptions item={item} onChange={apply} />
          <ColumnTable item={item} onChange={apply} />
          <LoadSettings item={item} onChange={apply} />
        </div>
        <aside className={styles.aside} aria-label={t('preview.title')}>
          <Preview item={item} isStale={change.isPending} />
        </aside>
      </div>
    </StepPage>
  );
}
