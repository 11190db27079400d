import { useQuery } from '@tanstack/react-query';
import { useParams, useSearch } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import { accessOptionsQuery } from '@/api/access';
import { useErrorText } from '@/api/errors';
import { recordQuery } from '@/api/records';
import { useMay } from '@/api/session';
import { asText } from '@/fields/values';
import { EmptyState, ErrorState } from '@/ui/EmptyState';
import { Skeleton } from '@/ui/Skeleton';
import { readRights } from './rights';
import { RoleEditor, type RoleDraft } from './RoleEditor';

const EMPTY: RoleDraft = { name: '', description: '', rights: { base: null } };

/** A stored role, to be looked at and changed. */
export function RoleScreen() {
  const { id } = useParams({ from: '/frame/settings/roles/$id' });
  return <RolePage id={Number(id)} isNew={false} />;
}

/** A role to be, from nothing or from a stored one. */
export function NewRoleScreen() {
  const { from } = useSearch({ from: '/frame/settings/roles/new' });
  return <RolePage id={from ?? null} isNew />;
}

function RolePage({ id, isNew }: { id: number | null; isNew: boolean }) {
  const { t } = useTranslation('rights');
  const errorText = useErrorText();
  const mayKeep = useMay('roles');
  const options = useQuery({ ...accessOptionsQuery, enabled: mayKeep });
  const role = useQuery({ ...recordQuery('role', id ?? 0), enabled: mayKeep && id !== null });
  if (!mayKeep) return <EmptyState title={t('closed')}>{t('closed_text')}</EmptyState>;
  const error = options.error ?? role.error;
  if (error !== null) return <ErrorState message={errorText(error)} onRetry={() => void Promise.all([options.refetch(), ...(id === null ? [] : [role.refetch()])])} />;
  if (options.data === undefined || (id !== null && role.data === undefined)) return <Skeleton lines={10} label={t('loading')} />;
  const { values } = role.data ?? {};
  const stored: RoleDraft =
    values === undefined
      ? EMPTY
      : {
          name: isNew ? t('role.copy_of', { name: asText(values.name) }) : asText(values.name),
          description: asText(values.description),
          rights: readRights(asText(values.rights)),
        };
  return <RoleEditor key={`${String(id)}/${String(isNew)}`} role={isNew ? null : (role.data ?? null)} stored={stored} options={options.data} />;
}
