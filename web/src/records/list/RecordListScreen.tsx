import { useParams } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import { useObjectType } from '@/api/catalog';
import { EmptyState } from '@/ui/EmptyState';
import { RecordList } from './RecordList';

export function RecordListScreen() {
  const { t } = useTranslation('records');
  const { type: name } = useParams({ from: '/frame/records/$type' });
  const type = useObjectType(name);
  if (type === undefined) return <EmptyState title={t('unknown_type')} />;
  return <RecordList key={type.name} type={type} />;
}
