import { useTranslation } from 'react-i18next';
import type { ImportItem } from '@/api/types';
import { JobProgress } from './JobProgress';
import { StepPage } from './StepPage';
import { BackToColumns } from './BackToColumns';

/** The dry run while it goes on. */
export function CheckRunning({ item }: { item: ImportItem }) {
  const { t } = useTranslation('import');
  return (
    <StepPage actions={<BackToColumns item={item} />}>
      <JobProgress job={item.job} importId={item.id} title={t('check.running')} hint={t('check.running_hint')} />
    </StepPage>
  );
}
