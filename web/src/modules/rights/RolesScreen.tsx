import { IconCopy, IconDots, IconLock, IconPencil, IconPlus, IconTrash } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { Link, useNavigate } from '@tanstack/react-router';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useErrorText } from '@/api/errors';
import { rolesQuery } from '@/api/roles';
import { useMay } from '@/api/session';
import type { RecordItem } from '@/api/types';
import { asText } from '@/fields/values';
import { useRemoveWithToast } from '@/records/operations/use-remove-with-toast';
import { paths } from '@/records/paths';
import { Badge } from '@/ui/Badge';
import { Button } from '@/ui/Button';
import { EmptyState, ErrorState } from '@/ui/EmptyState';
import { IconButton } from '@/ui/IconButton';
import { Menu, type MenuItem } from '@/ui/Menu';
import { Page } from '@/ui/Page';
import { Skeleton } from '@/ui/Skeleton';
import { Cell, HeadCell, Table } from '@/ui/Table';
import { VisuallyHidden } from '@/ui/VisuallyHidden';
import { DeleteRoleDialog } from './DeleteRoleDialog';
import { readRights } from './rights';
import styles from './Roles.module.css';
import { RoleHolders } from './RoleHolders';

/** What people may do, as roles; for whoever keeps them. */
export function RolesScreen() {
  const { t } = useTranslation('rights');
  const mayKeep = useMay('roles');
  if (!mayKeep) return <EmptyState title={t('closed')}>{t('closed_text')}</EmptyState>;
  return <RoleList />;
}

function RoleList() {
  const { t } = useTranslation('rights');
  const errorText = useErrorText();
  const navigate = useNavigate();
  const list = useQuery(rolesQuery);
  const remove = useRemoveWithToast('role');
  const [leaving, setLeaving] = useState<RecordItem | null>(null);
  const roles = list.data?.items ?? [];

  const startingPoints: MenuItem[] = [
    { key: 'nothing', label: t('roles.from_nothing'), onSelect: () => void navigate(paths.newRole()) },
    ...roles
      .filter((role) => role.values.key !== 'administrator')
      .map((role, index): MenuItem => ({
        key: String(role.id),
        label: t('roles.from', { name: role.title }),
        startsGroup: index === 0,
        onSelect: () => void navigate(paths.newRole(role.id)),
      })),
  ];

  return (
    <Page
      isInner
      width="list"
      title={t('roles.title')}
      intro={t('roles.intro')}
      aside={
        <Menu
          trigger={
            <Button look="primary" icon={<IconPlus size={16} />}>
              {t('roles.new')}
            </Button>
          }
          items={startingPoints}
        />
      }
    >
      {list.isPending && <Skeleton lines={4} label={t('loading')} />}
      {list.isError && roles.length === 0 && <ErrorState message={errorText(list.error)} onRetry={() => void list.refetch()} />}
      {roles.length > 0 && (
        <Table label={t('roles.title')} className={styles.list}>
          <thead>
            <tr>
              <HeadCell>{t('roles.name')}</HeadCell>
              <HeadCell className={styles.wide}>{t('roles.base')}</HeadCell>
              <HeadCell>{t('roles.holders')}</HeadCell>
              <HeadCell>
                <VisuallyHidden>{t('actions_of')}</VisuallyHidden>
              </HeadCell>
            </tr>
          </thead>
          <tbody>
            {roles.map((role) => (
              <RoleRow key={role.id} role={role} onDelete={() => setLeaving(role)} />
            ))}
          </tbody>
        </Table>
      )}
      {leaving !== null && (
        <DeleteRoleDialog
          role={leaving}
          onClose={() => setLeaving(null)}
          onConfirm={() => {
            setLeaving(null);
            void remove(leaving.id, t('roles.deleted', { name: leaving.title }));
          }}
        />
      )}
    </Page>
  );
}

function RoleRow({ role, onDelete }: { role: RecordItem; onDelete: () => void }) {
  const { t } = useTranslation('rights');
  const navigate = useNavigate();
  const key = asText(role.values.key);
  const { base } = readRights(asText(role.values.rights));
  const description = asText(role.values.description);
  return (
    <tr>
      <Cell>
        <span className={styles.name}>
          <Link {...paths.role(role.id)} className={styles.link}>
            {role.title}
          </Link>
          {key !== '' && <Badge>{t('roles.built_in')}</Badge>}
          {key === 'administrator' && <IconLock size={14} className={styles.lock} role="img" aria-label={t('roles.never_changes')} />}
        </span>
        {description !== '' && <span className={styles.description}>{description}</span>}
      </Cell>
      <Cell className={styles.wide}>{key !== '' ? '' : base == null ? t('roles.base_nothing') : t(`as.${base}`)}</Cell>
      <Cell>
        <RoleHolders roleId={role.id} />
      </Cell>
      <Cell className={styles.menu}>
        <Menu
          trigger={<IconButton size="small" label={t('menu', { name: role.title })} icon={<IconDots size={16} />} />}
          items={[
            { key: 'open', label: t(key === 'administrator' ? 'roles.look' : 'roles.change'), icon: <IconPencil size={16} />, onSelect: () => void navigate(paths.role(role.id)) },
            {
              key: 'copy',
              label: t('roles.duplicate'),
              icon: <IconCopy size={16} />,
              disabledReason: key === 'administrator' ? t('roles.no_copy') : null,
              onSelect: () => void navigate(paths.newRole(role.id)),
            },
            {
              key: 'delete',
              label: t('roles.delete'),
              icon: <IconTrash size={16} />,
              isDangerous: true,
              startsGroup: true,
              disabledReason: key === '' ? null : t('roles.built_in_stays'),
              onSelect: onDelete,
            },
          ]}
        />
      </Cell>
    </tr>
  );
}
