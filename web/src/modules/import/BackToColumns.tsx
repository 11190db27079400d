import { useNavigate } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import type { ImportItem } from '@/api/types';
import { paths } from '@/records/paths';
import { Button } from '@/ui/Button';
import { stepsOf } from './import-steps';

/** One step back: to the columns, or to the choice of a file where there are none. */
export function BackToColumns({ item }: { item: ImportItem }) {
  const { t } = useTranslation('import');
  const navigate = useNavigate();
  if (!stepsOf(item).includes('columns')) {
    return <Button onClick={() => void navigate(paths.imports())}>{t('columns.other_file')}</Button>;
  }
  return (
    <Button onClick={() => void navigate({ to: '/import/$id', params: { id: String(item.id) }, search: { step: 'columns' } })}>
      {t('check.back')}
    </Button>
  );
}
