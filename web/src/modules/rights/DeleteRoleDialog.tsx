import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import { recordPickQuery } from '@/api/records';
import type { RecordItem } from '@/api/types';
import { paths } from '@/records/paths';
import { Button } from '@/ui/Button';
import { ConfirmDialog, Dialog } from '@/ui/Dialog';
import styles from './Roles.module.css';

const NAMED = 10;

export interface DeleteRoleDialogProps {
  role: RecordItem;
  onConfirm: () => void;
  onClose: () => void;
}

/** A role goes only when nobody has it; until then the dialog says who does. */
export function DeleteRoleDialog({ role, onConfirm, onClose }: DeleteRoleDialogProps) {
  const { t } = useTranslation('rights');
  // Whoever is switched off has it too.
  const { data: page } = useQuery({ ...recordPickQuery('user', '', `roles has (${role.id})`, { limit: NAMED + 1 }), staleTime: 0 });
  if (page === undefined) return null;
  const holders = page.items;
  if (holders.length === 0) {
    return (
      <ConfirmDialog title={t('roles.delete_title', { name: role.title })} confirmLabel={t('roles.delete_confirm', { name: role.title })} isDangerous onConfirm={onConfirm} onClose={onClose}>
        {t('roles.delete_text')}
      </ConfirmDialog>
    );
  }
  return (
    <Dialog
      title={t('roles.in_use_title', { name: role.title })}
      size="small"
      onClose={onClose}
      footer={
        <>
          <Link {...paths.users()} className={styles.toUsers}>
            {t('roles.to_users')}
          </Link>
          <Button look="primary" data-autofocus="" onClick={onClose}>
            {t('understood')}
          </Button>
        </>
      }
    >
      <p>{t('roles.in_use_text')}</p>
      <ul className={styles.names}>
        {holders.slice(0, NAMED).map((user) => (
          <li key={user.id}>{user.title}</li>
        ))}
        {holders.length > NAMED && <li>{t('roles.and_others')}</li>}
      </ul>
    </Dialog>
  );
}
