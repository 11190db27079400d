import { IconMailPlus, IconPlus } from '@tabler/icons-react';
import { useInfiniteQuery, useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useObjectType } from '@/api/catalog';
import { useErrorText } from '@/api/errors';
import { useInvitations, type InvitationLink } from '@/api/invitations';
import { recordListQuery } from '@/api/records';
import { useMay } from '@/api/session';
import type { RecordItem, RecordReference } from '@/api/types';
import { asReferences } from '@/fields/values';
import { teamsQuery } from '@/records/teams';
import { Button } from '@/ui/Button';
import { EmptyState, ErrorState } from '@/ui/EmptyState';
import { Page } from '@/ui/Page';
import { Select } from '@/ui/Select';
import { Skeleton } from '@/ui/Skeleton';
import { HeadCell, Table } from '@/ui/Table';
import { useFormat } from '@/ui/use-format';
import { VisuallyHidden } from '@/ui/VisuallyHidden';
import { ChangeUserDialog } from './ChangeUserDialog';
import { CreateUserDialog } from './CreateUserDialog';
import { InvitationLinkDialog } from './InvitationLinkDialog';
import { InviteDialog } from './InviteDialog';
import { LinkCardDialog } from './LinkCardDialog';
import { ResetPasswordDialog } from './ResetPasswordDialog';
import { LeaveDialog } from './LeaveDialog';
import { ResetSecondStepDialog } from './ResetSecondStepDialog';
import { useUserCards } from './user-cards';
import { UserRow } from './UserRow';
import { UserSessionsDialog } from './UserSessionsDialog';
import styles from './UsersScreen.module.css';

type OpenDialog =
  | { kind: 'create' | 'invite' }
  | { kind: 'link'; user: RecordItem; link: InvitationLink; isInsteadOfMail: boolean }
  | { kind: 'change' | 'copy' | 'password' | 'second_step' | 'sessions' | 'leave'; user: RecordItem }
  | { kind: 'card'; user: RecordItem; suggested: RecordReference | null };

/** Who works here, and what each may do; for whoever keeps the users. */
export function UsersScreen() {
  const { t } = useTranslation('users');
  const mayKeep = useMay('users');
  if (!mayKeep) return <EmptyState title={t('administrators_only')}>{t('administrators_only_text')}</EmptyState>;
  return <UserList />;
}

function UserList() {
  const { t } = useTranslation('users');
  const format = useFormat();
  const errorText = useErrorText();
  const type = useObjectType('user');
  const [kind, setKind] = useState('');
  // Who was there before there were kinds is an employee.
  const filter = kind === '' ? undefined : kind === 'employee' ? 'user_kind = employee or user_kind is empty' : `user_kind = ${kind}`;
  const list = useInfiniteQuery(recordListQuery('user', { sort: 'name', filter }));
  const kinds = type?.fields.find(({ name }) => name === 'user_kind')?.settings.options ?? [];
  const invitations = new Map((useInvitations().data?.items ?? []).map((invitation) => [invitation.user_id, invitation]));
  const { data: teams } = useQuery(teamsQuery);
  const [dialog, setDialog] = useState<OpenDialog | null>(null);
  const users = list.data?.pages.flatMap((page) => page.items) ?? [];
  const cards = useUserCards(users.map((user) => user.id));
  const close = (): void => setDialog(null);
  return (
    <Page
      isInner
      width="list"
      title={t('title')}
      intro={t('intro')}
      aside={
        <div className={styles.buttons}>
          <Select
            className={styles.kinds}
            aria-label={t('kind')}
            value={kind}
            emptyLabel={t('any_kind')}
            options={kinds.map(({ key, labels }) => ({ value: key, label: format.label(labels) }))}
            onChange={setKind}
          />
          <Button icon={<IconPlus size={16} />} onClick={() => setDialog({ kind: 'create' })}>
            {t('new')}
          </Button>
          <Button look="primary" icon={<IconMailPlus size={16} />} onClick={() => setDialog({ kind: 'invite' })}>
            {t('invite')}
          </Button>
        </div>
      }
    >
      {list.isPending && <Skeleton lines={4} label={t('loading')} />}
      {list.isError && users.length === 0 && <ErrorState message={errorText(list.error)} onRetry={() => void list.refetch()} />}
      {list.isSuccess && users.length === 0 && <EmptyState title={t('nobody_of_kind')}>{t('nobody_of_kind_text')}</EmptyState>}
      {users.length > 0 && type !== undefined && (
        <Table label={t('title')} className={styles.list}>
          <thead>
            <tr>
              <HeadCell>{t('name')}</HeadCell>
              <HeadCell className={styles.wide}>{t('login')}</HeadCell>
              <HeadCell>{t('roles')}</HeadCell>
              <HeadCell className={styles.wide}>{t('rights.teams')}</HeadCell>
              <HeadCell className={styles.wide}>{t('card')}</HeadCell>
              <HeadCell>
                <VisuallyHidden>{t('actions')}</VisuallyHidden>
              </HeadCell>
            </tr>
          </thead>
          <tbody>
            {users.map((user) => (
              <UserRow
                key={user.id}
                user={user}
                card={cards === undefined ? undefined : (cards.get(user.id) ?? null)}
                invitation={invitations.get(user.id)}
                onLink={(link, isInsteadOfMail) => setDialog({ kind: 'link', user, link, isInsteadOfMail })}
                onLinkCard={(suggested) => setDialog({ kind: 'card', user, suggested })}
                teams={teams?.filter((team) => asReferences(team.values.members).some((member) => member.id === user.id))}
                onChange={() => setDialog({ kind: 'change', user })}
                onCopyRights={() => setDialog({ kind: 'copy', user })}
                onResetPassword={() => setDialog({ kind: 'password', user })}
                onResetSecondStep={() => setDialog({ kind: 'second_step', user })}
                onShowSessions={() => setDialog({ kind: 'sessions', user })}
                onLeave={() => setDialog({ kind: 'leave', user })}
              />
            ))}
          </tbody>
        </Table>
      )}
      {list.hasNextPage && (
        <Button size="small" className={styles.more} isBusy={list.isFetchingNextPage} onClick={() => void list.fetchNextPage()}>
          {t('more')}
        </Button>
      )}
      {dialog?.kind === 'invite' && <InviteDialog onClose={close} />}
      {dialog?.kind === 'link' && <InvitationLinkDialog name={dialog.user.title} link={dialog.link} isInsteadOfMail={dialog.isInsteadOfMail} onClose={close} />}
      {dialog?.kind === 'create' && <CreateUserDialog onClose={close} />}
      {(dialog?.kind === 'change' || dialog?.kind === 'copy') && type !== undefined && (
        <ChangeUserDialog type={type} user={dialog.user} startsWithCopy={dialog.kind === 'copy'} onClose={close} />
      )}
      {dialog?.kind === 'card' && <LinkCardDialog user={dialog.user} suggested={dialog.suggested} onClose={close} />}
      {dialog?.kind === 'leave' && <LeaveDialog user={dialog.user} onClose={close} />}
      {dialog?.kind === 'password' && <ResetPasswordDialog user={dialog.user} onClose={close} />}
      {dialog?.kind === 'second_step' && <ResetSecondStepDialog user={dialog.user} onClose={close} />}
      {dialog?.kind === 'sessions' && <UserSessionsDialog user={dialog.user} onClose={close} />}
    </Page>
  );
}
