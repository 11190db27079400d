import { useParams, useSearch } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import { useObjectType } from '@/api/catalog';
import { EmptyState } from '@/ui/EmptyState';
import { RecordPage } from './RecordPage';

export function RecordCardScreen() {
  const { t } = useTranslation('records');
  const { type: name, id } = useParams({ from: '/frame/records/$type/$id' });
  const list = useSearch({ from: '/frame/records/$type/$id' });
  const type = useObjectType(name);
  const number = Number(id);
  if (type === undefined || !Number.isSafeInteger(number)) return <EmptyState title={t('unknown_record')} />;
  return <RecordPage key={`${type.name}/${id}`} type={type} id={number} list={list} />;
}
