import { IconDeviceDesktop } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';
import { useErrorText } from '@/api/errors';
import type { OpenSession, RecordItem } from '@/api/types';
import { useEndUserSession, useEndUserSessions, useUserSessions } from '@/api/users';
import { Badge } from '@/ui/Badge';
import { Button } from '@/ui/Button';
import { Dialog } from '@/ui/Dialog';
import { ErrorState } from '@/ui/EmptyState';
import { Skeleton } from '@/ui/Skeleton';
import { showToast } from '@/ui/toast';
import { useFormat } from '@/ui/use-format';
import { deviceName } from '@/util/device-name';
import styles from './UserSessionsDialog.module.css';

/** Where somebody is logged in; an administrator ends one session or all. */
export function UserSessionsDialog({ user, onClose }: { user: RecordItem; onClose: () => void }) {
  const { t } = useTranslation('users');
  const errorText = useErrorText();
  const sessions = useUserSessions(user.id);
  const endAll = useEndUserSessions(user.id);
  const items = sessions.data?.items ?? [];

  function end(): void {
    endAll.mutate(undefined, {
      onSuccess: () => showToast(t('sessions_ended', { name: user.title })),
      onError: (error) => showToast(errorText(error), { tone: 'error' }),
    });
  }

  return (
    <Dialog
      title={t('sessions_title', { name: user.title })}
      onClose={onClose}
      footer={
        <>
          <Button
            look="danger"
            isBusy={endAll.isPending}
            disabledReason={items.length === 0 ? t('no_sessions') : null}
            onClick={end}
          >
            {t('end_all')}
          </Button>
          <Button onClick={onClose} data-autofocus="">
            {t('close')}
          </Button>
        </>
      }
    >
      {sessions.isPending && <Skeleton lines={3} label={t('loading')} />}
      {sessions.isError && items.length === 0 && <ErrorState message={errorText(sessions.error)} onRetry={() => void sessions.refetch()} />}
      {sessions.data !== undefined && items.length === 0 && <p className={styles.hint}>{t('no_sessions')}</p>}
      <ul className={styles.list}>
        {items.map((session) => (
          <SessionRow key={session.id} userId={user.id} session={session} />
        ))}
      </ul>
    </Dialog>
  );
}

function SessionRow({ userId, session }: { userId: number; session: OpenSession }) {
  const { t } = useTranslation('users');
  const format = useFormat();
  const errorText = useErrorText();
  const end = useEndUserSession(userId);
  const name = deviceName(session.user_agent) ?? t('unknown_device');
  const address = session.ip_address ?? null;
  return (
    <li className={styles.row}>
      <IconDeviceDesktop size={20} stroke={1.5} aria-hidden="true" />
      <div className={styles.device}>
        <p className={styles.name} title={session.user_agent ?? undefined}>
          {name}
        </p>
        <p className={styles.hint}>
          {t('last_seen', { when: format.recent(session.last_seen_at) })}
          {address !== null && ` · ${address}`}
        </p>
      </div>
      {session.is_current && <Badge color="green">{t('this_device')}</Badge>}
      <Button
        size="small"
        isBusy={end.isPending}
        aria-label={t('end_named', { name })}
        onClick={() => end.mutate(session.id, { onError: (error) => showToast(errorText(error), { tone: 'error' }) })}
      >
        {t('end')}
      </Button>
    </li>
  );
}
