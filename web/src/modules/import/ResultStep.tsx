import { useTranslation } from 'react-i18next';
import type { ImportItem } from '@/api/types';
import { JobProgress } from './JobProgress';
import { Report } from './Report';
import { StepPage } from './StepPage';

/** The import while it runs, then its report. */
export function ResultStep({ item }: { item: ImportItem }) {
  const { t } = useTranslation('import');
  if (item.state !== 'running') return <Report item={item} />;
  return (
    <StepPage actions={<span>{t('result.may_leave')}</span>}>
      <JobProgress job={item.job} importId={item.id} title={t('result.running')} hint={t('result.running_hint')} />
    </StepPage>
  );
}
