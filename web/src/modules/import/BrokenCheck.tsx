import { useTranslation } from 'react-i18next';
import { useCodeText } from '@/api/errors';
import type { ImportItem } from '@/api/types';
import { Banner } from '@/ui/Banner';

/** Why the last check of the file came to no end. */
export function BrokenCheck({ item: { state, job } }: { item: ImportItem }) {
  const { t } = useTranslation('import');
  const codeText = useCodeText();
  if (state !== 'mapping' || job?.kind !== 'import_check') return null;
  if (job.state === 'cancelled') return <Banner tone="info">{t('check.stopped')}</Banner>;
  if (job.state !== 'failed') return null;
  return <Banner tone="error">{codeText(job.error?.code ?? 'internal', job.error?.params)}</Banner>;
}
